/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.transport;

import io.prometheus.client.Collector;
import io.prometheus.client.CounterMetricFamily;
import io.prometheus.client.GaugeMetricFamily;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/** The series as {@code sidelight_tcp_*}, read at the scrape. */
public final class TransportCollector extends Collector {
  /** Every name that it exposes; the table in README.md is compared with this. */
  static final List<String> NAMES =
      List.of(
          "sidelight_tcp_write_total",
          "sidelight_tcp_write_bytes_total",
          "sidelight_tcp_write_duration_seconds",
          "sidelight_tcp_read_total",
          "sidelight_tcp_read_bytes_total",
          "sidelight_tcp_read_duration_seconds",
          "sidelight_tcp_connect_total",
          "sidelight_tcp_connect_duration_seconds",
          "sidelight_tcp_accept_total",
          "sidelight_tcp_accept_duration_seconds",
          "sidelight_tcp_close_total",
          "sidelight_tcp_close_duration_seconds",
          "sidelight_tcp_rtt_seconds",
          "sidelight_tcp_retransmits_total",
          "sidelight_tcp_drops_total",
          "sidelight_probe_connections",
          "sidelight_probe_series",
          "sidelight_probe_series_merged_total",
          "sidelight_probe_connections_lost_total");

  /** Of the units of durations and of round trips, in a second. */
  private static final double NANOS = 1e9;

  private static final double MICROS = 1e6;

  /** The lowest bounds, in these units. */
  private static final long LEAST_NANOS = 1024;

  private static final long LEAST_MICROS = 1;

  private final ConnectionTable table;

  /** Reads a table. */
  public TransportCollector(ConnectionTable table) {
    this.table = table;
  }

  @Override
  public List<MetricFamilySamples> collect() {
    synchronized (table) {
      List<MetricFamilySamples> families = new ArrayList<>();
      transfer(families, "write", series -> series.writes);
      transfer(families, "read", series -> series.reads);
      opening(families, "connect", "SYN sent -> established", series -> series.connects);
      opening(families, "accept", "Established -> its owner's first I/O", series -> series.accepts);
      closing(families);
      families.add(
          histogram(
              "sidelight_tcp_rtt_seconds",
              "Smoothed round trip at each write.",
              series -> series.roundTrips,
              LEAST_MICROS,
              MICROS));
      families.add(
          counter(
              "sidelight_tcp_retransmits", "Segments sent again.", series -> series.retransmits()));
      families.add(drops());
      own(families);
      families.removeIf(family -> family.samples.isEmpty());
      return families;
    }
  }

  private void transfer(
      List<MetricFamilySamples> families, String what, Function<Series, Transfer> of) {
    families.add(
        counter(
            "sidelight_tcp_" + what,
            "Calls that moved bytes (" + what + ").",
            series -> of.apply(series).calls()));
    families.add(
        counter(
            "sidelight_tcp_" + what + "_bytes",
            "Bytes of these calls (" + what + ").",
            series -> of.apply(series).bytes()));
    families.add(
        histogram(
            "sidelight_tcp_" + what + "_duration_seconds",
            "Entry -> exit of these calls (" + what + ").",
            series -> of.apply(series).times(),
            LEAST_NANOS,
            NANOS));
  }

  private void opening(
      List<MetricFamilySamples> families,
      String what,
      String help,
      Function<Series, Durations> of) {
    families.add(
        counter("sidelight_tcp_" + what, help + ": how many.", series -> of.apply(series).count()));
    families.add(
        histogram(
            "sidelight_tcp_" + what + "_duration_seconds", help + ".", of, LEAST_NANOS, NANOS));
  }

  private void closing(List<MetricFamilySamples> families) {
    CounterMetricFamily counts =
        new CounterMetricFamily(
            "sidelight_tcp_close",
            "Connections that ended, by who sent the first FIN.",
            with("closer"));
    String name = "sidelight_tcp_close_duration_seconds";
    HistogramSamples times = new HistogramSamples(name, with("closer"), LEAST_NANOS, NANOS);
    table
        .series()
        .all()
        .forEach(
            (key, series) -> {
              series.closeCounts.forEach(
                  (closer, count) -> counts.addMetric(with(key, closer.label()), (double) count));
              series.closes.forEach(
                  (closer, durations) -> times.add(with(key, closer.label()), durations));
            });
    families.add(counts);
    families.add(
        new MetricFamilySamples(name, Type.HISTOGRAM, "Own FIN -> the socket's end.", times));
  }

  private CounterMetricFamily drops() {
    CounterMetricFamily drops =
        new CounterMetricFamily(
            "sidelight_tcp_drops",
            "Packets that the kernel dropped, by its reason.",
            with("reason"));
    table
        .series()
        .all()
        .forEach(
            (key, series) ->
                series.drops.forEach((reason, count) -> drops.addMetric(with(key, reason), count)));
    return drops;
  }

  private void own(List<MetricFamilySamples> families) {
    families.add(
        new GaugeMetricFamily(
            "sidelight_probe_connections", "Connections that are known.", table.connectionCount()));
    families.add(
        new GaugeMetricFamily(
            "sidelight_probe_series", "Series of connections.", table.series().all().size()));
    families.add(
        new CounterMetricFamily(
            "sidelight_probe_series_merged",
            "Times that a connection was counted in a series that stands for others.",
            table.merged()));
    CounterMetricFamily lost =
        new CounterMetricFamily(
            "sidelight_probe_connections_lost",
            "Connections or their records that were lost sight of, by reason.",
            List.of("reason"));
    table.losses().forEach((reason, count) -> lost.addMetric(List.of(reason), count));
    families.add(lost);
  }

  private MetricFamilySamples counter(String name, String help, ToLongFunction<Series> value) {
    CounterMetricFamily family = new CounterMetricFamily(name, help, SeriesKey.NAMES);
    for (Map.Entry<SeriesKey, Series> each : table.series().all().entrySet()) {
      long count = value.applyAsLong(each.getValue());
      if (count > 0) {
        family.addMetric(each.getKey().values(), (double) count);
      }
    }
    return family;
  }

  private MetricFamilySamples histogram(
      String name, String help, Function<Series, Durations> of, long least, double unit) {
    HistogramSamples samples = new HistogramSamples(name, SeriesKey.NAMES, least, unit);
    table.series().all().forEach((key, series) -> samples.add(key.values(), of.apply(series)));
    return new MetricFamilySamples(name, Type.HISTOGRAM, help, samples);
  }

  private static List<String> with(String name) {
    return appended(SeriesKey.NAMES, name);
  }

  private static List<String> with(SeriesKey key, String value) {
    return appended(key.values(), value);
  }

  private static List<String> appended(List<String> list, String last) {
    List<String> longer = new ArrayList<>(list);
    longer.add(last);
    return longer;
  }
}
