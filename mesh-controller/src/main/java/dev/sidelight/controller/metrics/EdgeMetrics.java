/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.metrics;

import dev.sidelight.correlator.CorrelatedRequest;
import io.prometheus.client.Collector;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * {@code sidelight_edge_*}: calls and their latency since their edge appeared. {@link #record} is
 * for one thread, the correlator's; scrapes come on any.
 */
final class EdgeMetrics extends Collector implements Collector.Describable {

  // deps
  private final InstantSource clock;
  // state
  private final SeriesTable<EdgeSeries> edges;
  private final AtomicLong mergedResponses = new AtomicLong();
  private final long[] partNanos = new long[EdgeSeries.parts()];
  private final LabelValues key = new LabelValues(EdgeLabels.NAMES.size());

  EdgeMetrics(InstantSource clock, MetricsSettings settings) {
    this.clock = clock;
    edges =
        new SeriesTable<>(
            settings.maxEdges(),
            settings.keepMillis(),
            LabelValues.merged(EdgeLabels.NAMES.size()),
            () -> new EdgeSeries(new ResponseCounts(settings.maxResponses(), mergedResponses)));
  }

  void record(CorrelatedRequest call, long nowEpochMillis) {
    EdgeLabels.of(
        key, call.source(), call.destination(), call.destinationService(), call.protocol());
    edges.use(key, nowEpochMillis).add(call, nowEpochMillis, partNanos);
  }

  SeriesTable<EdgeSeries> edges() {
    return edges;
  }

  /** Calls whose kind of response was beyond the bound. */
  long mergedResponses() {
    return mergedResponses.get();
  }

  @Override
  public List<MetricFamilySamples> collect() {
    EdgeFamilies families = new EdgeFamilies();
    edges.forEach(clock.millis(), (edge, series) -> series.copy().collect(edge, families));
    families.merged.add(List.of(), edges.mergedCount());
    return families.toList();
  }

  @Override
  public List<MetricFamilySamples> describe() {
    return new EdgeFamilies().toList();
  }
}
