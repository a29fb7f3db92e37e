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
  private static final int MACHINES_PID_NAMESPACE = (int) 4026531836L;

  /** What Kubernetes keeps a pod's namespaces by, and what is 1 where its containers share one. */
  private static final String PAUSE = "pause";

  private StartupCheck() {}

  /**
   * Looks at BTF, /proc, capabilities and the PID namespace.
   *
   * @return inode of the PID namespace, which is the node's; 0 where that is the machine's own
   * @throws IllegalStateException naming what lacks and what to do
   */
  static int run(Path procPath) {
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
    return nodesPidNamespace(procPath);
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

  /** A node may be a container: what tells its namespace from a pod's is who is process 1 there. */
  private static int nodesPidNamespace(Path procPath) {
    int namespace = pidNamespace(procPath.resolve("self"));
    if (namespace == MACHINES_PID_NAMESPACE) {
      return 0;
    }
    Path first = procPath.resolve("1");
    if (link(procPath.resolve("self")).equals("1")
        || pidNamespace(first) != namespace
        || link(first.resolve("exe")).endsWith("/" + PAUSE)) {
      throw new IllegalStateException(
          "the probe runs in a PID namespace of its own ("
              + Integer.toUnsignedString(namespace)
              + "), where it sees no process of the node's: give the pod hostPID: true, or the"
              + " container --pid=host");
    }
    return namespace;
  }

  private static int pidNamespace(Path process) {
    String namespace = link(process.resolve("ns/pid"));
    return Integer.parseUnsignedInt(namespace.replaceAll("\\D", ""));
  }

  private static String link(Path path) {
    try {
      return Files.readSymbolicLink(path).toString();
    } catch (IOException e) {
      throw new IllegalStateException(path + " is not readable", e);
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
