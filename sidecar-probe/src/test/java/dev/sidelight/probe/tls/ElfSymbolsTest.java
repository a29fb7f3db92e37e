/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** This machine's own OpenSSL. */
class ElfSymbolsTest {
  private static final Path LIBRARY = Path.of("/usr/lib/x86_64-linux-gnu/libssl.so.3");

  @Test
  void functions_areWhereNmSeesThem() throws IOException {
    Map<SslFunction, Long> offsets = ElfSymbols.of(LIBRARY);
    assertThat(offsets).containsOnlyKeys(SslFunction.values());
    Process nm = new ProcessBuilder("nm", "-D", LIBRARY.toString()).start();
    String symbols = new String(nm.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    // In this file addresses are offsets.
    offsets.forEach(
        (function, offset) ->
            assertThat(symbols).contains(String.format("%016x T %s@", offset, function.symbol())));
  }

  @Test
  void libraryWithoutOpenSsl_hasNone() {
    assertThat(ElfSymbols.of(Path.of("/usr/lib/x86_64-linux-gnu/libelf.so.1"))).isEmpty();
  }

  @Test
  void whatIsNoElfFile_hasNone(@TempDir Path directory) throws IOException {
    assertThat(ElfSymbols.of(Files.writeString(directory.resolve("text"), "SSL_read"))).isEmpty();
    assertThat(ElfSymbols.of(directory.resolve("absent"))).isEmpty();
  }
}
