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

  /** The first PID namespace's inode is fixed: PROC_PID_INIT_INO of the kernel's proc_ns.h. */
  private static final String NODES_PID_NAMESPACE = "pid:[4026531836]";

  private StartupCheck() {}

  /**
   * Looks at BTF, /proc, capabilities and the PID namespace.
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
    String pidNamespace = pidNamespace(procPath);
    if (!pidNamespace.equals(NODES_PID_NAMESPACE)) {
      throw new IllegalStateException(
          "the probe runs in a PID namespace of its own ("
              + pidNamespace
              + "), where the kernel's process ids are other processes': give the pod hostPID: true,"
              + " or the container --pid=host");
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

  private static String pidNamespace(Path procPath) {
    try {
      return Files.readSymbolicLink(procPath.resolve("self/ns/pid")).toString();
    } catch (IOException e) {
      throw new IllegalStateException(procPath + "/self/ns/pid is not readable", e);
    }
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
