/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.metrics;

import dev.sidelight.correlator.DestinationService;
import dev.sidelight.correlator.Workload;
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
          "destination_service_name",
          "destination_service_namespace",
          "request_protocol");

  private EdgeLabels() {}

  /** Fills the key. */
  static LabelValues of(
      LabelValues key,
      Workload source,
      Workload destination,
      DestinationService service,
      String protocol) {
    return key.clear()
        .add(source.workload())
        .add(source.namespace())
        .add(source.app())
        .add(source.version())
        .add(destination.workload())
        .add(destination.namespace())
        .add(destination.app())
        .add(destination.version())
        .add(service.name())
        .add(service.namespace())
        .add(protocol);
  }
}
