/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe;

import static org.assertj.core.api.Assertions.assertThat;
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
  void machinesPidNamespaceAndAllCapabilities_areEnough() throws IOException {
    self(ALL_CAPABILITIES, "pid:[4026531836]");

    assertThat(StartupCheck.run(proc)).isZero();
  }

  @Test
  void nodesPidNamespace_isThatOfProcessOne() throws IOException {
    self(ALL_CAPABILITIES, "pid:[4026532180]");
    first("pid:[4026532180]", "systemd");

    assertThat(StartupCheck.run(proc)).isEqualTo((int) 4026532180L);
  }

  @Test
  void pidNamespaceOfItsOwn_isRefusedWithTheWayOut() throws IOException {
    Files.createDirectories(proc.resolve("1"));
    Files.createSymbolicLink(proc.resolve("self"), Path.of("1"));
    self(ALL_CAPABILITIES, "pid:[4026532180]");

    assertThatRefused();
  }

  @Test
  void pidNamespaceOfThePod_isRefusedWithTheWayOut() throws IOException {
    self(ALL_CAPABILITIES, "pid:[4026532180]");
    first("pid:[4026532180]", "pause");

    assertThatRefused();
  }

  @Test
  void procOfTheNodeInAPidNamespaceOfItsOwn_isRefusedWithTheWayOut() throws IOException {
    self(ALL_CAPABILITIES, "pid:[4026532180]");
    first("pid:[4026531836]", "systemd");

    assertThatRefused();
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

  private void assertThatRefused() {
    assertThatIllegalStateException()
        .isThrownBy(() -> StartupCheck.run(proc))
        .withMessageContaining("hostPID: true");
  }

  private void self(String status, String pidNamespace) throws IOException {
    Path self = proc.resolve("self");
    if (!Files.exists(self)) {
      Files.createDirectories(proc.resolve("77"));
      Files.createSymbolicLink(self, Path.of("77"));
    }
    Files.createDirectories(self.resolve("ns"));
    Files.writeString(self.resolve("status"), status);
    Files.createSymbolicLink(self.resolve("ns/pid"), Path.of(pidNamespace));
  }

  private void first(String pidNamespace, String executable) throws IOException {
    Path first = Files.createDirectories(proc.resolve("1"));
    Files.createDirectories(first.resolve("ns"));
    Files.createSymbolicLink(first.resolve("ns/pid"), Path.of(pidNamespace));
    Files.createSymbolicLink(first.resolve("exe"), proc.resolve(executable));
  }
}
