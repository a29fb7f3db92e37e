/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.metrics;

import dev.sidelight.correlator.TcpGrowth;
import io.prometheus.client.Collector;
import io.prometheus.client.CounterMetricFamily;
import io.prometheus.client.GaugeMetricFamily;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * {@code sidelight_workload_tcp_*}: what the probes count of connections, by workload. For what
 * probes tell: received = accepted + merged + ignored + refused. Any thread; each holds the lock,
 * an event loop for microseconds, a scrape while it copies.
 */
public final class WorkloadTcpMetrics extends Collector implements Collector.Describable {

  private static final long SWEEP_NANOS = TimeUnit.SECONDS.toNanos(10);

  // deps
  private final int maxSeries;
  private final int maxSeriesPerProbe;
  private final long idleNanos;
  private final LongSupplier nanoTime;

  // state
  private final Map<List<String>, Owned> series = new LinkedHashMap<>();
  private final Map<String, Integer> seriesByNode = new HashMap<>();
  private final Map<String, Long> refused = new TreeMap<>();
  private final Map<String, Long> ignored = new TreeMap<>();
  private long accepted;
  private long merged;
  private long sweptNanos;

  /** A series, and the node whose probe told of it first: it is one of that probe's. */
  private record Owned(String node, TcpCounters counters) {}

  /**
   * Not registered yet.
   *
   * @param maxSeries label sets in all, at least 1; others are counted under one that is all {@code
   *     other}
   * @param maxSeriesPerProbe label sets that one node's probe may bring, at least 1
   * @param idleNanos after which a series that has not grown is dropped
   * @param nanoTime monotonic nanoseconds
   */
  public WorkloadTcpMetrics(
      int maxSeries, int maxSeriesPerProbe, long idleNanos, LongSupplier nanoTime) {
    if (maxSeries < 1 || maxSeriesPerProbe < 1) {
      throw new IllegalArgumentException(
          "must be at least 1: maxSeries " + maxSeries + ", a probe " + maxSeriesPerProbe);
    }
    this.maxSeries = maxSeries;
    this.maxSeriesPerProbe = maxSeriesPerProbe;
    this.idleNanos = idleNanos;
    this.nanoTime = nanoTime;
    sweptNanos = nanoTime.getAsLong();
  }

  /** Adds what was told by the probe of a node. */
  public synchronized void record(String node, TcpGrowth growth) {
    long now = nanoTime.getAsLong();
    sweep(now);
    List<String> labels = WorkloadTcpLabels.valuesOf(growth);
    if (!series.containsKey(labels) && !hasRoom(node)) {
      merged++;
      labels = WorkloadTcpLabels.OTHER;
    } else {
      accepted++;
    }
    Owned owned = series.get(labels);
    if (owned == null) {
      owned = new Owned(labels.equals(WorkloadTcpLabels.OTHER) ? "" : node, new TcpCounters());
      series.put(labels, owned);
      seriesByNode.merge(owned.node(), 1, Integer::sum);
    }
    owned.counters().add(growth, now);
  }

  /** Counts what was told and cannot be. */
  public synchronized void refuse(String reason) {
    refused.merge(reason, 1L, Long::sum);
  }

  /** Counts what was told and nobody asks for. */
  public synchronized void ignore(String reason) {
    ignored.merge(reason, 1L, Long::sum);
  }

  private boolean hasRoom(String node) {
    int ofOthers = seriesByNode.getOrDefault("", 0);
    return series.size() - ofOthers < maxSeries
        && seriesByNode.getOrDefault(node, 0) < maxSeriesPerProbe;
  }

  private void sweep(long nowNanos) {
    if (nowNanos - sweptNanos < SWEEP_NANOS) {
      return;
    }
    sweptNanos = nowNanos;
    series
        .values()
        .removeIf(
            owned -> {
              boolean idle = nowNanos - owned.counters().grownNanos > idleNanos;
              if (idle) {
                seriesByNode.computeIfPresent(
                    owned.node(), (n, count) -> count > 1 ? count - 1 : null);
              }
              return idle;
            });
  }

  @Override
  public synchronized List<MetricFamilySamples> collect() {
    sweep(nanoTime.getAsLong());
    WorkloadTcpFamilies families = new WorkloadTcpFamilies();
    series.forEach((labels, owned) -> families.add(labels, owned.counters()));
    List<MetricFamilySamples> all = new ArrayList<>(families.toList());
    all.add(
        new GaugeMetricFamily(
            "sidelight_workload_tcp_series", "Label sets of connections.", series.size()));
    CounterMetricFamily told =
        new CounterMetricFamily(
            "sidelight_hop_tcp_series",
            "Growth of connections' series from probes.",
            List.of("outcome", "reason"));
    told.addMetric(List.of("accepted", ""), (double) accepted);
    told.addMetric(List.of("merged", ""), (double) merged);
    ignored.forEach((reason, count) -> told.addMetric(List.of("ignored", reason), (double) count));
    refused.forEach((reason, count) -> told.addMetric(List.of("refused", reason), (double) count));
    all.add(told);
    return all;
  }

  @Override
  public List<MetricFamilySamples> describe() {
    return collect();
  }
}
