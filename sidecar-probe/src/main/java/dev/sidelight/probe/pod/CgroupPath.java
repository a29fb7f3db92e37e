/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.pod;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The pod's uid in a process's cgroup paths:
 * .../kubepods-burstable-podUID.slice/cri-containerd-ID.scope by the systemd driver,
 * .../kubepods/burstable/podUID/ID by cgroupfs, the same of CRI-O (crio-ID.scope) and docker.
 */
final class CgroupPath {
  private static final Pattern POD =
      Pattern.compile(
          "kubepods[^:]*?[/-]pod([0-9a-f]{8}[-_][0-9a-f]{4}[-_][0-9a-f]{4}[-_][0-9a-f]{4}[-_][0-9a-f]{12}"
              + "|[0-9a-f]{32})(?:\\.slice)?(?:/|$)");

  private CgroupPath() {}

  /**
   * The uid, with dashes; empty where the process is in no pod.
   *
   * @param lines of /proc/PID/cgroup: one of v2 (0::PATH), several of v1, or both on a hybrid
   */
  static String podUid(List<String> lines) {
    for (String line : lines) {
      Matcher matcher = POD.matcher(line);
      if (matcher.find()) {
        // A mirror pod's uid is a hash without dashes.
        return matcher.group(1).replace('_', '-');
      }
    }
    return "";
  }
}
