/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.metrics;

import io.prometheus.client.Collector;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * {@code sidelight_als_lag_seconds} and {@code sidelight_hop_lag_seconds}: how late records come,
 * from the end of what they tell until they are here. Any thread.
 */
public final class LagMetrics extends Collector implements Collector.Describable {

  private static final int MOST_NODES = 4096;
  private static final long NANOS_PER_MILLI = 1_000_000;

  // deps
  private final InstantSource clock;
  // state
  private final StripedHistogram accessLogs = new StripedHistogram(BucketBounds.LAG);
  private final StripedHistogram hops = new StripedHistogram(BucketBounds.LAG);
  private final Map<String, Long> epochOffsetNanosByNode = new ConcurrentHashMap<>();

  /**
   * Not registered yet.
   *
   * @param clock wall clock; against those of the nodes it may be off, which is in the figures
   */
  public LagMetrics(InstantSource clock) {
    this.clock = clock;
  }

  /** An access log entry of what ended then. */
  public void accessLogEntry(long endEpochNanos) {
    observe(accessLogs, endEpochNanos);
  }

  /** CLOCK_REALTIME less CLOCK_MONOTONIC of a node, as last measured. */
  public void clock(String node, long epochOffsetNanos) {
    if (epochOffsetNanosByNode.size() < MOST_NODES || epochOffsetNanosByNode.containsKey(node)) {
      epochOffsetNanosByNode.put(node, epochOffsetNanos);
    }
  }

  /** A record of an exchange that ended then by its node's CLOCK_MONOTONIC. */
  public void hop(String node, long endMonotonicNanos) {
    Long offset = epochOffsetNanosByNode.get(node);
    if (offset != null) {
      observe(hops, endMonotonicNanos + offset);
    }
  }

  private void observe(StripedHistogram histogram, long endEpochNanos) {
    histogram.observe(Math.max(0, clock.millis() * NANOS_PER_MILLI - endEpochNanos));
  }

  @Override
  public List<MetricFamilySamples> collect() {
    return List.of(
        family("sidelight_als_lag_seconds", "From a request's end to its entry here", accessLogs),
        family("sidelight_hop_lag_seconds", "From an exchange's end to its record here", hops));
  }

  private static MetricFamilySamples family(String name, String help, StripedHistogram histogram) {
    Family family = Family.histogram(name, help, List.of());
    family.add(List.of(), histogram.sum());
    return family.toSamples();
  }

  @Override
  public List<MetricFamilySamples> describe() {
    return collect();
  }
}
