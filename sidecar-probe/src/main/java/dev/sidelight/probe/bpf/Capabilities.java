/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.bpf;

import java.util.ArrayList;
import java.util.List;

/** Which capabilities the probe needs, and which of them it lacks. */
public final class Capabilities {
  private static final String EFFECTIVE = "CapEff:";
  private static final int SYS_PTRACE = 19;
  private static final int SYS_ADMIN = 21;
  private static final int PERFMON = 38;
  private static final int BPF = 39;

  private Capabilities() {}

  /**
   * The missing ones, each with what it is for.
   *
   * @param status lines of /proc/self/status
   */
  public static List<String> missing(List<String> status) {
    long effective =
        status.stream()
            .filter(line -> line.startsWith(EFFECTIVE))
            .mapToLong(
                line -> Long.parseUnsignedLong(line.substring(EFFECTIVE.length()).trim(), 16))
            .findFirst()
            .orElse(0);
    List<String> missing = new ArrayList<>();
    // CAP_SYS_ADMIN stands for both of the newer ones.
    if (!has(effective, BPF) && !has(effective, SYS_ADMIN)) {
      missing.add("CAP_BPF (to load programs and maps)");
    }
    if (!has(effective, PERFMON) && !has(effective, SYS_ADMIN)) {
      missing.add("CAP_PERFMON (to attach to tracepoints)");
    }
    if (!has(effective, SYS_PTRACE)) {
      missing.add("CAP_SYS_PTRACE (to see other users' executables and namespaces in /proc)");
    }
    return missing;
  }

  private static boolean has(long set, int capability) {
    return (set >>> capability & 1) == 1;
  }
}
