/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe;

import dev.sidelight.probe.bpf.BpfException;
import dev.sidelight.probe.bpf.Capabilities;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Says in one line what the machine lacks, before libbpf says it in forty. */
final class StartupCheck {
  private static final Path KERNEL_BTF = Path.of("/sys/kernel/btf/vmlinux");

  private StartupCheck() {}

  /**
   * Looks at BTF, /proc and capabilities.
   *
   * @throws IllegalStateException naming what lacks and what to do
   */
  static void run(Path procPath) {
    if (!Files.isReadable(KERNEL_BTF)) {
      throw new IllegalStateException(
          KERNEL_BTF
              + " is not readable: the kernel needs CONFIG_DEBUG_INFO_BTF=y, and a container /sys mounted");
    }
    List<String> missing = Capabilities.missing(status(procPath));
    if (!missing.isEmpty()) {
      throw new IllegalStateException(
          "capabilities lack: "
              + String.join(", ", missing)
              + "; run as root, or give the container CAP_BPF, CAP_PERFMON and CAP_SYS_PTRACE");
    }
  }

  /** What the kernel's refusal means. */
  static IllegalStateException explain(BpfException refusal) {
    String advice =
        refusal.isPermission()
            ? "the capabilities are there, so a seccomp profile, lockdown mode or the kernel's own"
                + " limits forbid bpf(); allow it in the container's seccomp profile"
            : "see libbpf's message above";
    return new IllegalStateException(refusal.getMessage() + "; " + advice, refusal);
  }

  private static List<String> status(Path procPath) {
    try {
      return Files.readAllLines(procPath.resolve("self/status"));
    } catch (IOException e) {
      throw new IllegalStateException(
          procPath + " is not readable: set probe.procPath to where the node's /proc is mounted",
          e);
    }
  }
}
