/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.metrics;

import dev.sidelight.correlator.CorrelatedRequest;
import io.prometheus.client.Collector;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * {@code sidelight_edge_*}: calls and their latency since the start. {@link #record} is for one
 * thread, the correlator's; scrapes come on any.
 */
public final class EdgeMetrics extends Collector implements Collector.Describable {

  // deps
  private final int maxEdges;
  // state
  private final Map<List<String>, EdgeCounters> edges = new ConcurrentHashMap<>();
  private final AtomicLong mergedCalls = new AtomicLong();

  /**
   * Not registered yet.
   *
   * @param maxEdges edges with series of their own, at least 1; the calls of others are counted
   *     under one edge whose labels are all {@code other}
   */
  public EdgeMetrics(int maxEdges) {
    if (maxEdges < 1) {
      throw new IllegalArgumentException("maxEdges must be at least 1: " + maxEdges);
    }
    this.maxEdges = maxEdges;
  }

  /** Counts a call. */
  public void record(CorrelatedRequest call) {
    countersOf(EdgeLabels.valuesOf(call)).add(call);
  }

  private EdgeCounters countersOf(List<String> labels) {
    EdgeCounters counters = edges.get(labels);
    if (counters != null) {
      return counters;
    }
    boolean full = edges.size() >= maxEdges;
    if (full) {
      mergedCalls.incrementAndGet();
    }
    return edges.computeIfAbsent(full ? EdgeLabels.OTHER : labels, key -> new EdgeCounters());
  }

  @Override
  public List<MetricFamilySamples> collect() {
    EdgeFamilies families = new EdgeFamilies();
    edges.forEach((labels, counters) -> counters.collect(labels, families));
    families.merged(mergedCalls.get());
    return families.toList();
  }

  @Override
  public List<MetricFamilySamples> describe() {
    return new EdgeFamilies().toList();
  }
}
