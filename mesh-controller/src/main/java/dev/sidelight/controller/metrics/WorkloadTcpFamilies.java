/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.metrics;

import io.prometheus.client.Collector;
import io.prometheus.client.Collector.MetricFamilySamples;
import io.prometheus.client.CounterMetricFamily;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The families {@code sidelight_workload_tcp_*} of one scrape. */
final class WorkloadTcpFamilies {

  private static final String PREFIX = "sidelight_workload_tcp_";
  private static final String CLOSER = "closer";
  private static final long LEAST_NANOS = 1024;
  private static final long LEAST_ROUND_TRIP_NANOS = 1000;

  // state
  private final List<MetricFamilySamples> families = new ArrayList<>();
  private final Transfers writes = new Transfers("write", "Calls that sent bytes");
  private final Transfers reads = new Transfers("read", "Calls that took bytes");
  private final Openings connects = new Openings("connect", "SYN sent -> established");
  private final Openings accepts = new Openings("accept", "Established -> its owner's first I/O");
  private final CounterMetricFamily closes =
      counter("close", "Connections that ended, by who sent the first FIN", CLOSER);
  private final TcpHistogramSamples closeDurations =
      histogram("close_duration_seconds", "Own FIN -> the socket's end", LEAST_NANOS, CLOSER);
  private final TcpHistogramSamples roundTrips =
      histogram("rtt_seconds", "Smoothed round trip at each write", LEAST_ROUND_TRIP_NANOS);
  private final CounterMetricFamily retransmits = counter("retransmits", "Segments sent again");
  private final CounterMetricFamily drops =
      counter("drops", "Packets that the kernel dropped, by its reason", "reason");

  /** Adds a series; nothing of the counters is kept. */
  void add(List<String> labels, TcpCounters counters) {
    writes.add(labels, counters.writes);
    reads.add(labels, counters.reads);
    connects.add(labels, counters.connects);
    accepts.add(labels, counters.accepts);
    addEach(closes, labels, counters.closes);
    counters.closeDurations.forEach(
        (closer, durations) ->
            closeDurations.add(WorkloadTcpLabels.and(labels, closer), durations));
    roundTrips.add(labels, counters.roundTrips);
    addIfAny(retransmits, labels, counters.retransmits);
    addEach(drops, labels, counters.drops);
  }

  List<MetricFamilySamples> toList() {
    return families;
  }

  private static void addEach(
      CounterMetricFamily family, List<String> labels, Map<String, Long> counts) {
    counts.forEach((value, count) -> addIfAny(family, WorkloadTcpLabels.and(labels, value), count));
  }

  private static void addIfAny(CounterMetricFamily family, List<String> labels, long count) {
    if (count > 0) {
      family.addMetric(labels, (double) count);
    }
  }

  private CounterMetricFamily counter(String name, String help, String... more) {
    CounterMetricFamily family =
        new CounterMetricFamily(
            PREFIX + name, help, WorkloadTcpLabels.and(WorkloadTcpLabels.NAMES, more));
    families.add(family);
    return family;
  }

  private TcpHistogramSamples histogram(String name, String help, long leastNanos, String... more) {
    TcpHistogramSamples samples =
        new TcpHistogramSamples(
            PREFIX + name, WorkloadTcpLabels.and(WorkloadTcpLabels.NAMES, more), leastNanos);
    families.add(new MetricFamilySamples(PREFIX + name, Collector.Type.HISTOGRAM, help, samples));
    return samples;
  }

  private final class Transfers {
    private final CounterMetricFamily calls;
    private final CounterMetricFamily bytes;
    private final TcpHistogramSamples durations;

    Transfers(String what, String help) {
      calls = counter(what, help);
      bytes = counter(what + "_bytes", help + ": how many");
      durations = histogram(what + "_duration_seconds", help + ": entry -> exit", LEAST_NANOS);
    }

    void add(List<String> labels, TcpCounters.TransferSum sum) {
      addIfAny(calls, labels, sum.calls);
      addIfAny(bytes, labels, sum.bytes);
      durations.add(labels, sum.durations);
    }
  }

  private final class Openings {
    private final CounterMetricFamily connections;
    private final TcpHistogramSamples durations;

    Openings(String what, String help) {
      connections = counter(what, help + ": how many");
      durations = histogram(what + "_duration_seconds", help, LEAST_NANOS);
    }

    void add(List<String> labels, TcpBuckets buckets) {
      addIfAny(connections, labels, buckets.count());
      durations.add(labels, buckets);
    }
  }
}
