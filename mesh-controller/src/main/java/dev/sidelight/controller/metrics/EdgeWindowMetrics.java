/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.metrics;

import io.prometheus.client.Collector;
import io.prometheus.client.CounterMetricFamily;
import io.prometheus.client.GaugeMetricFamily;
import java.util.List;
import java.util.function.LongSupplier;

/** {@code sidelight_edge_window_*}: the window behind the edges API itself. Any thread. */
public final class EdgeWindowMetrics extends Collector implements Collector.Describable {

  // deps
  private final LongSupplier edges;
  private final LongSupplier bytes;
  private final LongSupplier thinnedSeconds;
  private final LongSupplier mergedCalls;
  private final LongSupplier outOfRangeCalls;

  /**
   * Not registered yet.
   *
   * @param edges edges held now
   * @param bytes of the packed seconds
   * @param thinnedSeconds of the longest window, those whose percentiles were given up for memory
   * @param mergedCalls calls merged into one edge, being beyond the bound
   * @param outOfRangeCalls calls refused for having started too long ago or ahead of now
   */
  public EdgeWindowMetrics(
      LongSupplier edges,
      LongSupplier bytes,
      LongSupplier thinnedSeconds,
      LongSupplier mergedCalls,
      LongSupplier outOfRangeCalls) {
    this.edges = edges;
    this.bytes = bytes;
    this.thinnedSeconds = thinnedSeconds;
    this.mergedCalls = mergedCalls;
    this.outOfRangeCalls = outOfRangeCalls;
  }

  @Override
  public List<MetricFamilySamples> collect() {
    return List.of(
        new GaugeMetricFamily(
            "sidelight_edge_window_edges", "Edges in the API's window.", edges.getAsLong()),
        new GaugeMetricFamily(
            "sidelight_edge_window_bytes", "Heap of the API's packed seconds.", bytes.getAsLong()),
        new GaugeMetricFamily(
            "sidelight_edge_window_thinned_seconds",
            "Seconds of the API's longest window without percentiles, for memory.",
            thinnedSeconds.getAsLong()),
        new CounterMetricFamily(
            "sidelight_edge_window_merged_requests",
            "Calls that the API shows under the edge other.",
            mergedCalls.getAsLong()),
        new CounterMetricFamily(
            "sidelight_edge_window_out_of_range_requests",
            "Calls that started too long ago, or ahead of now, for the API's window.",
            outOfRangeCalls.getAsLong()));
  }

  @Override
  public List<MetricFamilySamples> describe() {
    return collect();
  }
}
