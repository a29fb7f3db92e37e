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

/** {@code sidelight_history_*}: the history behind the history API itself. Any thread. */
public final class HistoryMetrics extends Collector implements Collector.Describable {

  // deps
  private final LongSupplier edges;
  private final LongSupplier bytes;
  private final LongSupplier fineSeconds;
  private final LongSupplier evictedSeconds;
  private final LongSupplier evictedSlices;
  private final LongSupplier mergedCalls;
  private final LongSupplier outOfRangeCalls;

  /**
   * Not registered yet.
   *
   * @param edges edges held now
   * @param bytes heap of their slices
   * @param fineSeconds seconds of which slices are of 5 s, 900 where memory is enough
   * @param evictedSeconds of the hour, those that were forgotten for memory
   * @param evictedSlices slices of edges forgotten for memory since the start
   * @param mergedCalls calls merged into one edge, being beyond the bound
   * @param outOfRangeCalls calls refused for having started too long ago or ahead of now
   */
  public HistoryMetrics(
      LongSupplier edges,
      LongSupplier bytes,
      LongSupplier fineSeconds,
      LongSupplier evictedSeconds,
      LongSupplier evictedSlices,
      LongSupplier mergedCalls,
      LongSupplier outOfRangeCalls) {
    this.edges = edges;
    this.bytes = bytes;
    this.fineSeconds = fineSeconds;
    this.evictedSeconds = evictedSeconds;
    this.evictedSlices = evictedSlices;
    this.mergedCalls = mergedCalls;
    this.outOfRangeCalls = outOfRangeCalls;
  }

  @Override
  public List<MetricFamilySamples> collect() {
    return List.of(
        new GaugeMetricFamily(
            "sidelight_history_edges", "Edges in the history.", edges.getAsLong()),
        new GaugeMetricFamily(
            "sidelight_history_bytes", "Heap of the history's slices.", bytes.getAsLong()),
        new GaugeMetricFamily(
            "sidelight_history_fine_seconds",
            "Seconds of which the history has slices of 5 s; 900 where memory is enough.",
            fineSeconds.getAsLong()),
        new GaugeMetricFamily(
            "sidelight_history_evicted_seconds",
            "Seconds of the history's hour that were forgotten for memory.",
            evictedSeconds.getAsLong()),
        new CounterMetricFamily(
            "sidelight_history_evicted_slices",
            "Slices of edges that were forgotten for memory.",
            evictedSlices.getAsLong()),
        new CounterMetricFamily(
            "sidelight_history_merged_requests",
            "Calls that the history has under the edge other.",
            mergedCalls.getAsLong()),
        new CounterMetricFamily(
            "sidelight_history_out_of_range_requests",
            "Calls that started too long ago, or ahead of now, for the history.",
            outOfRangeCalls.getAsLong()));
  }

  @Override
  public List<MetricFamilySamples> describe() {
    return collect();
  }
}
