/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.metrics;

import io.prometheus.client.Collector;
import io.prometheus.client.CounterMetricFamily;
import java.util.List;
import java.util.function.LongSupplier;

/** {@code sidelight_xds_*}: what the control plane could not do. Any thread. */
public final class ControlPlaneMetrics extends Collector implements Collector.Describable {

  // deps
  private final LongSupplier invalidMeshFiles;
  private final LongSupplier unknownNodes;
  private final LongSupplier rejectedUpdates;

  /**
   * Not registered yet.
   *
   * @param invalidMeshFiles changes of the mesh file to something invalid
   * @param unknownNodes requests from nodes that name no workload
   * @param rejectedUpdates updates that Envoys rejected
   */
  public ControlPlaneMetrics(
      LongSupplier invalidMeshFiles, LongSupplier unknownNodes, LongSupplier rejectedUpdates) {
    this.invalidMeshFiles = invalidMeshFiles;
    this.unknownNodes = unknownNodes;
    this.rejectedUpdates = rejectedUpdates;
  }

  @Override
  public List<MetricFamilySamples> collect() {
    return List.of(
        new CounterMetricFamily(
            "sidelight_xds_invalid_mesh_files",
            "Changes of the mesh file to something invalid",
            (double) invalidMeshFiles.getAsLong()),
        new CounterMetricFamily(
            "sidelight_xds_unknown_nodes",
            "Requests from nodes that name no workload",
            (double) unknownNodes.getAsLong()),
        new CounterMetricFamily(
            "sidelight_xds_rejected_updates",
            "Updates that Envoys rejected",
            (double) rejectedUpdates.getAsLong()));
  }

  @Override
  public List<MetricFamilySamples> describe() {
    return collect();
  }
}
