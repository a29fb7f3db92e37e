/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.profile;

import java.util.List;
import java.util.Map;

/**
 * What a probe told of one interval, checked.
 *
 * @param processes of the pod
 * @param connections that are open, or ended in the interval
 * @param samples exchanges told singly
 * @param drops packets without a connection, by the kernel's reason
 * @param omitted what the probe left out
 */
record Report(
    List<ReportedProcess> processes,
    List<ReportedConnection> connections,
    List<Sample> samples,
    Map<String, Long> drops,
    Omitted omitted) {

  /** Copies the lists. */
  Report {
    processes = List.copyOf(processes);
    connections = List.copyOf(connections);
    samples = List.copyOf(samples);
    drops = Map.copyOf(drops);
  }

  /** One process; ports that it listens on, where they are known. */
  record ReportedProcess(int pid, String name, List<Integer> listeningPorts) {

    /** Copies the ports. */
    ReportedProcess {
      listeningPorts = List.copyOf(listeningPorts);
    }
  }

  /** Counts, each of what is beyond a bound of the probe. */
  record Omitted(long connections, long samples, long processes) {}
}
