/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.metrics;

import dev.sidelight.correlator.CorrelatedRequest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Istio's labels of an edge. Clusters are not among them: edges that differ in theirs are one. */
final class EdgeLabels {

  static final List<String> NAMES =
      List.of(
          "source_workload",
          "source_workload_namespace",
          "source_canonical_service",
          "source_canonical_revision",
          "destination_workload",
          "destination_workload_namespace",
          "destination_canonical_service",
          "destination_canonical_revision",
          "request_protocol");

  static final String MERGED = "other";

  /** What is beyond the bound on edges. */
  static final List<String> OTHER = Collections.nCopies(NAMES.size(), MERGED);

  private EdgeLabels() {}

  static List<String> valuesOf(CorrelatedRequest call) {
    return List.of(
        call.source().workload(),
        call.source().namespace(),
        call.source().app(),
        call.source().version(),
        call.destination().workload(),
        call.destination().namespace(),
        call.destination().app(),
        call.destination().version(),
        call.protocol());
  }

  static List<String> and(List<String> edge, String... more) {
    List<String> all = new ArrayList<>(edge.size() + more.length);
    all.addAll(edge);
    Collections.addAll(all, more);
    return Collections.unmodifiableList(all);
  }
}
