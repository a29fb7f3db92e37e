/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller;

import dev.sidelight.controller.status.CallCounts;
import dev.sidelight.controller.status.ClusterStatus;
import dev.sidelight.controller.status.CounterKey;
import dev.sidelight.controller.status.Counters;
import dev.sidelight.controller.status.Listening;
import dev.sidelight.controller.status.Peers;
import dev.sidelight.controller.status.Problem;
import dev.sidelight.controller.status.RecentCounters;
import dev.sidelight.controller.status.Status;
import dev.sidelight.controller.status.StatusJson;
import io.prometheus.client.Collector;
import io.prometheus.client.CollectorRegistry;
import java.time.InstantSource;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * What {@code GET /api/v1/status} is made of: the same counters that /metrics shows, and who is
 * connected. Any thread.
 */
final class StatusRecords {

  private static final String STREAMS = "sidelight_als_streams";
  private static final String PENDING = "sidelight_correlator_pending";

  private static final Set<String> READ =
      Set.of(
          STREAMS,
          PENDING,
          "sidelight_als_messages_total",
          "sidelight_als_entries_total",
          "sidelight_hop_batches_total",
          "sidelight_hop_ends_total",
          "sidelight_hop_probe_ends_total",
          "sidelight_router_overflow_total",
          "sidelight_correlator_records_total",
          "sidelight_correlator_failures_total");

  // deps
  private final CollectorRegistry registry;
  private final InstantSource clock;
  private final LongSupplier monotonicNanos;

  // state
  private final long startEpochMillis;
  private final CallCounts calls = new CallCounts();
  private final Peers proxies;
  private final Peers probes;
  private final RecentCounters recent;

  StatusRecords(CollectorRegistry registry, InstantSource clock, LongSupplier monotonicNanos) {
    this.registry = registry;
    this.clock = clock;
    this.monotonicNanos = monotonicNanos;
    startEpochMillis = clock.millis();
    recent = new RecentCounters(monotonicNanos.getAsLong());
    proxies = new Peers(clock);
    probes = new Peers(clock);
  }

  CallCounts calls() {
    return calls;
  }

  Peers proxies() {
    return proxies;
  }

  Peers probes() {
    return probes;
  }

  /** To be called each {@link RecentCounters#SAMPLE_MILLIS}. */
  void sample() {
    recent.sample(monotonicNanos.getAsLong(), counters());
  }

  /** The answer's JSON. */
  byte[] json(
      boolean ready,
      Listening listening,
      List<Problem> configuration,
      boolean tokenNeeded,
      ClusterStatus cluster) {
    Counters total = counters();
    String version = StatusRecords.class.getPackage().getImplementationVersion();
    return StatusJson.write(
        new Status(
            version == null ? "development" : version,
            startEpochMillis,
            clock.millis(),
            ready,
            listening,
            (int) total.sum(STREAMS),
            proxies.all(),
            probes.all(),
            total,
            recent.growth(monotonicNanos.getAsLong(), total),
            total.sum(PENDING, "entry"),
            total.sum(PENDING, "end"),
            configuration,
            tokenNeeded,
            cluster));
  }

  private Counters counters() {
    Map<CounterKey, Long> values = new HashMap<>(calls.counters());
    for (Collector.MetricFamilySamples family :
        Collections.list(registry.filteredMetricFamilySamples(READ))) {
      for (Collector.MetricFamilySamples.Sample sample : family.samples) {
        values.put(new CounterKey(sample.name, sample.labelValues), (long) sample.value);
      }
    }
    return new Counters(values);
  }
}
