/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.metrics;

import dev.sidelight.correlator.TcpGrowth;
import dev.sidelight.correlator.Workload;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The labels of {@code sidelight_workload_tcp_*}. */
final class WorkloadTcpLabels {

  static final List<String> NAMES =
      List.of(
          "namespace",
          "workload",
          "app",
          "version",
          "process",
          "peer",
          "peer_kind",
          "side",
          "protocol",
          "tls");

  static final String MERGED = "other";

  /** What is beyond a bound. */
  static final List<String> OTHER = Collections.nCopies(NAMES.size(), MERGED);

  private WorkloadTcpLabels() {}

  static List<String> valuesOf(TcpGrowth growth) {
    Workload workload = growth.workload();
    return List.of(
        workload.namespace(),
        workload.workload(),
        workload.app(),
        workload.version(),
        growth.process(),
        growth.peer(),
        growth.peerKind(),
        growth.side(),
        growth.protocol(),
        Boolean.toString(growth.tls()));
  }

  static List<String> and(List<String> labels, String... more) {
    List<String> all = new ArrayList<>(labels.size() + more.length);
    all.addAll(labels);
    Collections.addAll(all, more);
    return Collections.unmodifiableList(all);
  }
}
