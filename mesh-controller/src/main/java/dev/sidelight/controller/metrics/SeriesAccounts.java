/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.metrics;

import io.prometheus.client.Collector;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/** {@code sidelight_metrics_*}: what the bounds on series did. Filled once, then for any thread. */
final class SeriesAccounts extends Collector implements Collector.Describable {

  private static final String KIND = "kind";

  // state
  private final Map<String, LongSupplier> kept = new LinkedHashMap<>();
  private final Map<String, LongSupplier> merged = new LinkedHashMap<>();
  private final Map<String, LongSupplier> dropped = new LinkedHashMap<>();

  void add(String kind, SeriesTable<?> table) {
    kept.put(kind, table::size);
    dropped.put(kind, table::droppedCount);
    addMerged(kind, table::mergedCount);
  }

  void addMerged(String kind, LongSupplier count) {
    merged.put(kind, count);
  }

  @Override
  public List<MetricFamilySamples> collect() {
    Family series =
        Family.gauge(
            "sidelight_metrics_kept",
            "Edges, sidecars and the like that have series",
            List.of(),
            KIND);
    Family mergedCalls =
        Family.counter(
            "sidelight_metrics_merged",
            "Calls and the like counted under other, being beyond the bound",
            List.of(),
            KIND);
    Family droppedSeries =
        Family.counter(
            "sidelight_metrics_dropped",
            "Edges, sidecars and the like whose series were dropped for being unused",
            List.of(),
            KIND);
    kept.forEach((kind, value) -> series.add(List.of(), value.getAsLong(), kind));
    merged.forEach((kind, value) -> mergedCalls.add(List.of(), value.getAsLong(), kind));
    dropped.forEach((kind, value) -> droppedSeries.add(List.of(), value.getAsLong(), kind));
    return List.of(series.toSamples(), mergedCalls.toSamples(), droppedSeries.toSamples());
  }

  @Override
  public List<MetricFamilySamples> describe() {
    return collect();
  }
}
