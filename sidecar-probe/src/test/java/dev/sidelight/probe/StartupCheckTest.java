/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StartupCheckTest {

  private static final String ALL_CAPABILITIES = "CapEff:\t000001ffffffffff\n";

  @TempDir Path proc;

  @Test
  void nodesPidNamespaceAndAllCapabilities_areEnough() throws IOException {
    self(ALL_CAPABILITIES, "pid:[4026531836]");

    assertThatCode(() -> StartupCheck.run(proc)).doesNotThrowAnyException();
  }

  @Test
  void pidNamespaceOfItsOwn_isRefusedWithTheWayOut() throws IOException {
    self(ALL_CAPABILITIES, "pid:[4026532180]");

    assertThatIllegalStateException()
        .isThrownBy(() -> StartupCheck.run(proc))
        .withMessageContaining("hostPID: true");
  }

  @Test
  void noCapabilities_areNamed() throws IOException {
    self("CapEff:\t0000000000000000\n", "pid:[4026531836]");

    assertThatIllegalStateException()
        .isThrownBy(() -> StartupCheck.run(proc))
        .withMessageContaining("CAP_BPF");
  }

  @Test
  void procElsewhere_namesTheSetting() {
    assertThatIllegalStateException()
        .isThrownBy(() -> StartupCheck.run(proc.resolve("nowhere")))
        .withMessageContaining("probe.procPath");
  }

  private void self(String status, String pidNamespace) throws IOException {
    Files.createDirectories(proc.resolve("self/ns"));
    Files.writeString(proc.resolve("self/status"), status);
    Files.createSymbolicLink(proc.resolve("self/ns/pid"), Path.of(pidNamespace));
  }
}
