/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.metrics;

import dev.sidelight.correlator.DestinationService;
import dev.sidelight.correlator.TcpLogEntry;
import dev.sidelight.correlator.TcpTraffic;
import io.prometheus.client.Collector;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code sidelight_edge_tcp_*}: what access logs tell of TCP connections. Both proxies of a
 * connection tell it, so each series is of one reporter, as in Istio's own metrics. Recording is
 * for one thread at a time; scrapes come on any.
 */
final class TcpEdgeMetrics extends Collector implements Collector.Describable {

  private static final String PROTOCOL = "tcp";
  private static final List<String> LABELS = labels();

  // deps
  private final InstantSource clock;
  // state
  private final SeriesTable<TcpSeries> edges;
  private final LabelValues key = new LabelValues(LABELS.size());

  TcpEdgeMetrics(InstantSource clock, MetricsSettings settings) {
    this.clock = clock;
    edges =
        new SeriesTable<>(
            // An edge has two reporters.
            2 * settings.maxEdges(),
            settings.keepMillis(),
            LabelValues.merged(LABELS.size()),
            TcpSeries::new);
  }

  private static List<String> labels() {
    List<String> labels = new ArrayList<>(EdgeLabels.NAMES);
    labels.add("reporter");
    return List.copyOf(labels);
  }

  void record(TcpTraffic traffic, long nowEpochMillis) {
    TcpLogEntry entry = traffic.entry();
    EdgeLabels.of(key, entry.source(), entry.destination(), service(entry), PROTOCOL)
        .add(entry.isOfSource() ? "source" : "destination");
    edges.use(key, nowEpochMillis).add(traffic);
  }

  /** What the source's proxy was asked for; the destination's is not told. */
  static DestinationService service(TcpLogEntry entry) {
    return entry.isOfSource()
        ? DestinationService.ofCluster(entry.upstreamCluster())
        : DestinationService.UNKNOWN;
  }

  SeriesTable<TcpSeries> edges() {
    return edges;
  }

  @Override
  public List<MetricFamilySamples> collect() {
    Family opened = counter("connections_opened", "TCP connections opened on the edge");
    Family closed = counter("connections_closed", "TCP connections closed on the edge");
    Family sent = counter("sent_bytes", "Bytes from destination to source");
    Family received = counter("received_bytes", "Bytes from source to destination");
    Family seconds = counter("connection_seconds", "Seconds that connections were open");
    edges.forEach(
        clock.millis(),
        (edge, series) -> {
          TcpSeries copy = series.copy();
          copy.collect(edge, opened, closed, sent, received);
          seconds.add(edge, copy.openSeconds());
        });
    return List.of(
        opened.toSamples(),
        closed.toSamples(),
        sent.toSamples(),
        received.toSamples(),
        seconds.toSamples());
  }

  private static Family counter(String name, String help) {
    return Family.counter("sidelight_edge_tcp_" + name, help, LABELS);
  }

  @Override
  public List<MetricFamilySamples> describe() {
    return collect();
  }
}
