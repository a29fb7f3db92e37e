/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.metrics;

import dev.sidelight.correlator.CorrelatedRequest;
import dev.sidelight.correlator.TcpTraffic;
import dev.sidelight.correlator.Workload;
import io.prometheus.client.Collector;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * {@code kiali_ext_*}: what Kiali draws of the extension "sidelight". In star form: every source is
 * a root workload, every destination a leaf that is no real service, the sidecar or the app of the
 * workload that was called. Calls are for one thread, connections for one at a time; scrapes come
 * on any.
 */
final class KialiMetrics extends Collector implements Collector.Describable {

  private static final String EXTENSION = "sidelight";
  private static final String SIDECAR = "sidecar";
  private static final String APP = "app";
  private static final String GRPC = "grpc";
  private static final String SECURE = "secure";
  private static final String NO_PROTOCOL = "";
  private static final int KEY_LABELS = 8;
  private static final int LEAF = 6;
  private static final int PROTOCOL = 7;
  private static final List<String> LABELS =
      List.of(
          "extension",
          "source_cluster",
          "source_namespace",
          "source_name",
          "source_is_root",
          "dest_cluster",
          "dest_namespace",
          "dest_name",
          "flags");

  // deps
  private final InstantSource clock;
  // state
  private final SeriesTable<KialiSeries> requests;
  private final SeriesTable<TcpSeries> connections;
  private final AtomicLong mergedStatuses = new AtomicLong();
  private final LabelValues requestKey = new LabelValues(KEY_LABELS);
  private final LabelValues connectionKey = new LabelValues(KEY_LABELS);

  KialiMetrics(InstantSource clock, MetricsSettings settings) {
    this.clock = clock;
    // An edge makes two. What is beyond is left out: Kiali would draw a workload "other".
    int maxSeries = 2 * settings.maxEdges();
    requests =
        new SeriesTable<>(
            maxSeries,
            settings.keepMillis(),
            null,
            () -> new KialiSeries(new ResponseCounts(settings.maxResponses(), mergedStatuses)));
    connections = new SeriesTable<>(maxSeries, settings.keepMillis(), null, TcpSeries::new);
  }

  void record(CorrelatedRequest call, long nowEpochMillis) {
    if (!isDrawn(call.source(), call.destination()) || !ReportedParts.byDestination(call)) {
      return;
    }
    add(call.source(), call.destination(), SIDECAR, call, nowEpochMillis);
    if (ReportedParts.isOfApplication(call)) {
      add(call.destination(), call.destination(), APP, call, nowEpochMillis);
    }
  }

  /** A root that Kiali does not know it does not draw. */
  private static boolean isDrawn(Workload source, Workload destination) {
    String unknown = Workload.UNKNOWN.workload();
    return !source.workload().equals(unknown) && !destination.workload().equals(unknown);
  }

  private void add(
      Workload source,
      Workload destination,
      String leaf,
      CorrelatedRequest call,
      long nowEpochMillis) {
    KialiSeries series =
        requests.use(key(requestKey, source, destination, leaf, call.protocol()), nowEpochMillis);
    if (series != null) {
      int status =
          call.protocol().equals(GRPC) ? ReportedParts.grpcStatus(call) : call.responseCode();
      series.add(call.responseCode() != 0, status, call.isMutualTls() && leaf.equals(SIDECAR));
    }
  }

  private static LabelValues key(
      LabelValues key, Workload source, Workload destination, String leaf, String protocol) {
    return key.clear()
        .add(source.cluster())
        .add(source.namespace())
        .add(source.workload())
        .add(destination.cluster())
        .add(destination.namespace())
        .add(destination.workload())
        .add(leaf)
        .add(protocol);
  }

  /** The destination's proxy alone is believed: both tell every byte, and Kiali would add them. */
  void record(TcpTraffic traffic, long nowEpochMillis) {
    Workload source = traffic.entry().source();
    Workload destination = traffic.entry().destination();
    if (traffic.entry().isOfSource() || !isDrawn(source, destination)) {
      return;
    }
    add(source, destination, SIDECAR, traffic, nowEpochMillis);
    add(destination, destination, APP, traffic, nowEpochMillis);
  }

  private void add(
      Workload source, Workload destination, String leaf, TcpTraffic traffic, long nowEpochMillis) {
    TcpSeries series =
        connections.use(key(connectionKey, source, destination, leaf, NO_PROTOCOL), nowEpochMillis);
    if (series != null) {
      series.add(traffic);
    }
  }

  SeriesTable<KialiSeries> requests() {
    return requests;
  }

  SeriesTable<TcpSeries> connections() {
    return connections;
  }

  @Override
  public List<MetricFamilySamples> collect() {
    Family calls =
        Family.counter(
            "kiali_ext_requests",
            "Calls for Kiali's graph: from a workload to the sidecar or the app of the one it called",
            LABELS,
            "protocol",
            SECURE,
            "status_code");
    requests.forEach(
        clock.millis(),
        (key, series) -> {
          KialiSeries copy = series.copy();
          List<String> edge = edge(key);
          for (int i = 0; i < copy.size(); i++) {
            if (copy.requests(i) > 0) {
              calls.add(
                  edge,
                  copy.requests(i),
                  key.get(PROTOCOL),
                  Boolean.toString(copy.isSecure()),
                  copy.status(i));
            }
          }
        });
    Family sent =
        Family.counter("kiali_ext_tcp_sent", "Bytes from destination to source", LABELS, SECURE);
    Family received =
        Family.counter(
            "kiali_ext_tcp_received", "Bytes from source to destination", LABELS, SECURE);
    connections.forEach(
        clock.millis(),
        (key, series) -> {
          TcpSeries copy = series.copy();
          List<String> edge = edge(key);
          boolean secure = copy.isSecure() && key.get(LEAF).equals(SIDECAR);
          sent.add(edge, copy.sentBytes(), Boolean.toString(secure));
          received.add(edge, copy.receivedBytes(), Boolean.toString(secure));
        });
    return List.of(calls.toSamples(), sent.toSamples(), received.toSamples());
  }

  /** Values of {@link #LABELS}. */
  private static List<String> edge(List<String> key) {
    return List.of(
        EXTENSION,
        key.get(0),
        key.get(1),
        key.get(2),
        "true",
        key.get(3),
        key.get(4),
        key.get(5) + "." + key.get(LEAF),
        "-");
  }

  @Override
  public List<MetricFamilySamples> describe() {
    return collect();
  }
}
