/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.export;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A certificate authority, by the openssl command. */
public final class TestAuthority {
  private final Path directory;
  private final String name;

  /**
   * Makes its key and certificate.
   *
   * @param directory for all files
   * @param name of the authority, and of its files
   */
  public TestAuthority(Path directory, String name) {
    this.directory = directory;
    this.name = name;
    make(name, "basicConstraints=critical,CA:TRUE");
  }

  /** Its own. */
  public Path certificate() {
    return directory.resolve(name + ".crt");
  }

  /**
   * Signs a server's.
   *
   * @param host the only name in it
   * @return of the certificate; the key lies beside it
   */
  public Path sign(String host) {
    make(
        name + "-server",
        "subjectAltName=DNS:" + host,
        "-CA",
        certificate().toString(),
        "-CAkey",
        key(certificate()).toString());
    return directory.resolve(name + "-server.crt");
  }

  /** That of a certificate. */
  public static Path key(Path certificate) {
    return certificate.resolveSibling(certificate.getFileName().toString().replace(".crt", ".key"));
  }

  private void make(String file, String extension, String... signer) {
    List<String> command =
        new ArrayList<>(List.of("openssl", "req", "-x509", "-days", "1", "-nodes"));
    command.addAll(List.of("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"));
    command.addAll(List.of("-subj", "/CN=" + file, "-addext", extension));
    command.addAll(List.of(signer));
    command.addAll(List.of("-keyout", directory.resolve(file + ".key").toString()));
    command.addAll(List.of("-out", directory.resolve(file + ".crt").toString()));
    try {
      Process openssl = new ProcessBuilder(command).redirectErrorStream(true).start();
      String output = new String(openssl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (openssl.waitFor() != 0) {
        throw new IllegalStateException(output);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
