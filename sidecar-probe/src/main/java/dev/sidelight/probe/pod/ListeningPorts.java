/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.pod;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The ports that somebody listens on, from /proc/PID/net/tcp and tcp6. */
final class ListeningPorts {
  private static final String LISTEN = "0A";

  private ListeningPorts() {}

  static Set<Integer> of(List<String> lines) {
    Set<Integer> ports = new TreeSet<>();
    for (String line : lines) {
      String[] columns = line.trim().split("\\s+", -1);
      if (columns.length > 3 && columns[3].equals(LISTEN)) {
        ports.add(Integer.parseInt(columns[1].substring(columns[1].lastIndexOf(':') + 1), 16));
      }
    }
    return ports;
  }
}
