/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.pod;

import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a process's cgroup path says of it. Pods:
 * .../kubepods-burstable-podUID.slice/RUNTIME-ID.scope by the systemd driver,
 * .../kubepods/burstable/podUID/ID by cgroupfs, .../kubepods-burstable-podUID.slice:RUNTIME:ID
 * where kubelet and runtime disagree on the driver; all of them also below the cgroup of a node
 * that is itself a container, as in kind. A probe in a cgroup namespace, which is the rule on
 * cgroup v2, sees paths from its own cgroup on: /../../../burstable/podUID/ID.
 *
 * @param podUid of Kubernetes, with dashes; empty where the process is in no pod
 * @param containerId 64 hexadecimal digits; empty where the process is in no container
 */
record CgroupPath(String podUid, String containerId) {
  static final CgroupPath NONE = new CgroupPath("", "");

  private static final Pattern POD =
      Pattern.compile(
          "(?:kubepods[^:]*?[/-]|:(?:/\\.\\.)+/(?:(?:burstable|besteffort)/)?)pod([0-9a-f]{8}[-_][0-9a-f]{4}[-_][0-9a-f]{4}[-_][0-9a-f]{4}[-_][0-9a-f]{12}"
              + "|[0-9a-f]{32})(?:\\.slice)?(?=[/:]|$)");
  // The runtime's monitor (conmon) lives beside the container, in a scope of its own.
  private static final Pattern CONTAINER =
      Pattern.compile(
          "[/:](?![^/]*conmon-)(?:[a-z][a-z0-9_.-]*-)?([0-9a-f]{64})(?:\\.scope)?(?=/|$)");

  /**
   * Reads it.
   *
   * @param lines of /proc/PID/cgroup: one of v2 (0::PATH), several of v1, or both on a hybrid
   */
  static CgroupPath of(List<String> lines) {
    return lines.stream()
        .map(CgroupPath::ofLine)
        .filter(Predicate.not(NONE::equals))
        // A controller that the runtime does not use stays in the pod's cgroup, or in none.
        .max(
            Comparator.comparingInt(
                path -> (path.podUid.isEmpty() ? 0 : 2) + (path.containerId.isEmpty() ? 0 : 1)))
        .orElse(NONE);
  }

  private static CgroupPath ofLine(String line) {
    Matcher pod = POD.matcher(line);
    if (!pod.find()) {
      return new CgroupPath("", container(line, false));
    }
    // A mirror pod's uid is a hash without dashes.
    String uid = pod.group(1).replace('_', '-');
    return new CgroupPath(uid, container(line.substring(pod.end()), true));
  }

  /** The pod's container is the outermost after it, since it may run others; else the innermost. */
  private static String container(String path, boolean outermost) {
    Matcher matcher = CONTAINER.matcher(path);
    String found = "";
    while (matcher.find()) {
      found = matcher.group(1);
      if (outermost) {
        break;
      }
    }
    return found;
  }
}
