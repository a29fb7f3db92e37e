/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sidelight.probe.export.CollectingController;
import dev.sidelight.probe.export.TestAuthority;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What the probe can do without, and what it says of what it cannot. Needs root, to give it away.
 */
class LeastPrivilegeIT {
  private static final String SETPRIV =
      "setpriv --inh-caps=-all --no-new-privs --bounding-set=-all";

  private static final String CONTROLLER = "sidelight-controller.istio-system.svc";

  /** As a container runtime puts it under the profile that the addon ships. */
  private static final String UNDER_SECCOMP =
      "../istio-addon/seccomp/under_seccomp.py ../istio-addon/seccomp/probe.json";

  /** In a mount namespace of its own: everything read-only but /tmp. */
  private static final String READ_ONLY =
      """
      exec unshare --mount --propagation private sh -ec '
        mount -t tmpfs tmpfs /tmp
        mount -o remount,bind,ro /
        if touch target/written 2>/dev/null; then echo "target can be written"; exit 9; fi
        exec %s,+bpf,+perfmon,+sys_ptrace %s "$@"' sh "$@"
      """
          .formatted(SETPRIV, UNDER_SECCOMP);

  @Test
  void threeCapabilitiesTheSeccompProfileAndNoWritableFile_areEnough() throws IOException {
    // Not below /tmp, which the probe has for itself.
    Path directory = Files.createDirectories(Path.of("target/least-privilege").toAbsolutePath());
    TestAuthority authority = new TestAuthority(directory, "ca");
    Path certificate = authority.sign(CONTROLLER);
    Path token = Files.writeString(directory.resolve("token"), "of-the-probe");
    try (CollectingController controller =
            new CollectingController(0, certificate, TestAuthority.key(certificate));
        ProbedPod pod = new ProbedPod()) {
      pod.server("app", ProbedPod.APP_UID, 9001, "threads", 1);
      pod.sidecar("15006:9001");
      try (ProbeProcess probe =
          ProbeProcess.start(
              READ_ONLY,
              "--controller.hopPort=" + controller.port(),
              "--controller.tlsCaFile=" + authority.certificate(),
              "--controller.tlsServerName=" + CONTROLLER,
              "--controller.tokenFile=" + token)) {
        assertThat(Files.readAllLines(Path.of("/proc", Long.toString(probe.pid()), "status")))
            .contains("CapEff:\t000000c000080000", "CapPrm:\t000000c000080000")
            .contains("CapBnd:\t000000c000080000", "CapInh:\t0000000000000000")
            .contains("Seccomp:\t2")
            .contains("NoNewPrivs:\t1", "Uid:\t0\t0\t0\t0");
        assertThat(probe.get("/healthz")).isEqualTo("ok\n");
        await()
            .atMost(Capture.SOON)
            .until(() -> probe.output().stream().anyMatch(line -> line.contains("watching pod")));
        pod.ask("caller", 15006, 5, "/least");
        await()
            .atMost(Capture.SOON)
            .until(
                () ->
                    controller
                            .exchanges()
                            .filter(hop -> hop.getNetns() == pod.netns())
                            .filter(hop -> hop.getInitiator().getProcess().equals("envoy"))
                            .filter(hop -> hop.getAcceptor().getProcess().equals("app"))
                            .filter(hop -> hop.getInitiator().getPathTemplate().equals("/least"))
                            .count()
                        == 5);
        assertThat(controller.authorizations()).containsOnly("Bearer of-the-probe");
        assertThatNothingWasRefused(probe.metrics());
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "'+perfmon,+sys_ptrace', CAP_BPF (to load programs and maps)",
    "'+bpf,+sys_ptrace', CAP_PERFMON",
    "'+bpf,+perfmon', CAP_SYS_PTRACE"
  })
  void missingCapability_isNamed(String given, String missing) {
    assertThat(ProbeProcess.refusal("exec " + SETPRIV + "," + given + " \"$@\""))
        .startsWith("1 ")
        .contains("capabilities lack: " + missing)
        .doesNotContain("\tat ");
  }

  @ParameterizedTest
  @CsvSource({
    "mount -t tmpfs tmpfs /sys, '', /sys/kernel/btf/vmlinux is not readable",
    "'mount -t tmpfs -o noexec tmpfs /tmp && mount -o remount,bind,ro /', '', needs a writable and executable java.io.tmpdir",
    "true, --probe.procPath=/nowhere, set probe.procPath"
  })
  void missingMount_isNamed(String preparation, String setting, String message) {
    String wrapper =
        "exec unshare --mount --propagation private sh -ec '"
            + preparation
            + "; exec \"$@\"' sh \"$@\"";
    String[] settings = setting.isEmpty() ? new String[0] : new String[] {setting};
    assertThat(ProbeProcess.refusal(wrapper, settings)).startsWith("1 ").contains(message);
  }

  @Test
  void pidNamespaceOfItsOwn_isNamed() {
    String wrapper = "exec unshare --mount --pid --fork --mount-proc \"$@\"";
    assertThat(ProbeProcess.refusal(wrapper)).startsWith("1 ").contains("hostPID: true");
  }

  /**
   * But for hooks on functions, which some kernels, this project's among them, refuse to anyone.
   */
  private static void assertThatNothingWasRefused(String metrics) {
    assertThat(metrics.lines())
        .filteredOn(line -> !line.contains("way=\"fentry/"))
        .noneMatch(line -> line.contains("state=\"refused\"") && line.endsWith(" 1.0"))
        .filteredOn(line -> line.contains("outcome=\"lost\""))
        .isNotEmpty()
        .allMatch(line -> line.endsWith(" 0.0"));
  }
}
