/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.pod;

import java.util.List;

/**
 * A process's user as its container numbers it, from /proc/PID/status and uid_map. The two differ
 * for pods with a user namespace (hostUsers: false), where Istio's 1337 is some large number
 * outside.
 */
final class ContainerUid {
  static final int UNKNOWN = -1;

  private static final String UIDS = "Uid:";
  private static final int EFFECTIVE = 1;

  private ContainerUid() {}

  static int of(List<String> status, List<String> uidMap) {
    long uid = effective(status);
    for (String line : uidMap) {
      String[] columns = line.trim().split("\\s+", -1);
      if (columns.length == 3) {
        long offset = uid - Long.parseLong(columns[1]);
        if (uid >= 0 && offset >= 0 && offset < Long.parseLong(columns[2])) {
          return (int) (Long.parseLong(columns[0]) + offset);
        }
      }
    }
    return (int) uid;
  }

  private static long effective(List<String> status) {
    for (String line : status) {
      if (line.startsWith(UIDS)) {
        return Long.parseLong(line.substring(UIDS.length()).trim().split("\\s+", -1)[EFFECTIVE]);
      }
    }
    return UNKNOWN;
  }
}
