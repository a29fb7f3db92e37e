/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.metrics;

import static dev.sidelight.correlator.LatencyComponent.REQUEST_TRANSFER;
import static dev.sidelight.correlator.LatencyComponent.SOURCE_APPLICATION_READ;
import static dev.sidelight.correlator.LatencyComponent.SOURCE_HOP;

import dev.sidelight.correlator.CorrelatedRequest;
import dev.sidelight.correlator.DestinationService;
import dev.sidelight.correlator.LatencyBreakdown;
import dev.sidelight.correlator.LatencyComponent;
import dev.sidelight.correlator.TcpLogEntry;
import dev.sidelight.correlator.TcpTraffic;
import dev.sidelight.correlator.Workload;
import io.prometheus.client.Collector;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * {@code istio_*}: what Kiali draws its graph of, for a mesh whose proxies do not expose it. Each
 * proxy that told of a call is a reporter, as in Istio. Calls are for one thread, connections for
 * one at a time; scrapes come on any.
 */
final class IstioMetrics extends Collector implements Collector.Describable {

  private static final String SOURCE = "source";
  private static final String DESTINATION = "destination";
  private static final String UNKNOWN = "unknown";
  private static final List<String> LABELS =
      List.of(
          "reporter",
          "source_cluster",
          "source_workload_namespace",
          "source_workload",
          "source_canonical_service",
          "source_canonical_revision",
          "source_principal",
          "destination_cluster",
          "destination_workload_namespace",
          "destination_workload",
          "destination_canonical_service",
          "destination_canonical_revision",
          "destination_principal",
          "destination_service",
          "destination_service_name",
          "destination_service_namespace",
          "request_protocol",
          "connection_security_policy");
  private static final String FLAGS = "response_flags";

  /** Before the source's proxy has the request, and after it has sent the response. */
  private static final LatencyComponent[] BEYOND_SOURCE = {
    REQUEST_TRANSFER, SOURCE_HOP, SOURCE_APPLICATION_READ
  };

  /** From the destination's proxy on. */
  private static final LatencyComponent[] OF_DESTINATION =
      EnumSet.range(
              LatencyComponent.DESTINATION_SIDECAR_QUEUE, LatencyComponent.DESTINATION_UNSPLIT)
          .toArray(LatencyComponent[]::new);

  // deps
  private final InstantSource clock;
  // state
  private final SeriesTable<IstioSeries> requests;
  private final SeriesTable<TcpSeries> connections;
  private final AtomicLong mergedResponses = new AtomicLong();
  private final LabelValues requestKey = new LabelValues(LABELS.size());
  private final LabelValues connectionKey = new LabelValues(LABELS.size() + 1);

  IstioMetrics(InstantSource clock, MetricsSettings settings) {
    this.clock = clock;
    int maxSeries = 2 * settings.maxEdges();
    requests =
        new SeriesTable<>(
            maxSeries,
            settings.keepMillis(),
            LabelValues.merged(LABELS.size()),
            () -> new IstioSeries(new ResponseCounts(settings.maxResponses(), mergedResponses)));
    connections =
        new SeriesTable<>(
            maxSeries,
            settings.keepMillis(),
            LabelValues.merged(LABELS.size() + 1),
            TcpSeries::new);
  }

  void record(CorrelatedRequest call, long nowEpochMillis) {
    if (ReportedParts.isFromOutsideToGateway(call)) {
      return;
    }
    int grpcStatus =
        call.protocol().equals("grpc")
            ? ReportedParts.grpcStatus(call)
            : ResponseCounts.NO_GRPC_STATUS;
    if (ReportedParts.bySource(call)) {
      long nanos = call.breakdown().totalNanos() - nanos(call, BEYOND_SOURCE);
      add(SOURCE, call, grpcStatus, nanos, nowEpochMillis);
    }
    if (ReportedParts.byDestination(call)) {
      add(DESTINATION, call, grpcStatus, nanos(call, OF_DESTINATION), nowEpochMillis);
    }
  }

  private static long nanos(CorrelatedRequest call, LatencyComponent... components) {
    long sum = 0;
    for (LatencyComponent component : components) {
      long nanos = call.breakdown().nanos(component);
      sum += nanos == LatencyBreakdown.ABSENT ? 0 : nanos;
    }
    return sum;
  }

  private void add(
      String reporter,
      CorrelatedRequest call,
      int grpcStatus,
      long durationNanos,
      long nowEpochMillis) {
    key(
        requestKey,
        reporter,
        call.source(),
        call.sourcePrincipal(),
        call.destination(),
        call.destinationPrincipal(),
        call.destinationService(),
        call.protocol());
    requestKey.add(policy(reporter, call.isMutualTls()));
    requests.use(requestKey, nowEpochMillis).add(call, grpcStatus, durationNanos, nowEpochMillis);
  }

  /** As in Istio, whose source's proxies do not tell. */
  private static String policy(String reporter, boolean mutualTls) {
    if (reporter.equals(SOURCE)) {
      return UNKNOWN;
    }
    return mutualTls ? "mutual_tls" : "none";
  }

  void record(TcpTraffic traffic, long nowEpochMillis) {
    TcpLogEntry entry = traffic.entry();
    String reporter = entry.isOfSource() ? SOURCE : DESTINATION;
    key(
            connectionKey,
            reporter,
            entry.source(),
            entry.sourcePrincipal(),
            entry.destination(),
            entry.destinationPrincipal(),
            TcpEdgeMetrics.service(entry),
            "tcp")
        .add(policy(reporter, TcpSeries.isMutualTls(traffic)))
        .add(entry.responseFlags());
    connections.use(connectionKey, nowEpochMillis).add(traffic);
  }

  private static LabelValues key(
      LabelValues key,
      String reporter,
      Workload source,
      String sourcePrincipal,
      Workload destination,
      String destinationPrincipal,
      DestinationService service,
      String protocol) {
    return key.clear()
        .add(reporter)
        .add(source.cluster())
        .add(source.namespace())
        .add(source.workload())
        .add(source.app())
        .add(source.version())
        .add(sourcePrincipal.isEmpty() ? UNKNOWN : sourcePrincipal)
        .add(destination.cluster())
        .add(destination.namespace())
        .add(destination.workload())
        .add(destination.app())
        .add(destination.version())
        .add(destinationPrincipal.isEmpty() ? UNKNOWN : destinationPrincipal)
        .add(service.host())
        .add(service.name())
        .add(service.namespace())
        .add(protocol);
  }

  SeriesTable<IstioSeries> requests() {
    return requests;
  }

  SeriesTable<TcpSeries> connections() {
    return connections;
  }

  @Override
  public List<MetricFamilySamples> collect() {
    String[] response = {"response_code", FLAGS, "grpc_response_status"};
    Family calls =
        Family.counter("istio_requests", "Calls, as Istio counts them", LABELS, response);
    Family durations =
        Family.histogram(
            "istio_request_duration_milliseconds",
            "Duration of calls as their reporter saw them",
            LABELS,
            response);
    requests.forEach(
        clock.millis(), (edge, series) -> series.copy().collect(edge, calls, durations));
    Family opened = tcp("connections_opened", "TCP connections opened");
    Family closed = tcp("connections_closed", "TCP connections closed");
    Family sent = tcp("sent_bytes", "Bytes from destination to source");
    Family received = tcp("received_bytes", "Bytes from source to destination");
    connections.forEach(
        clock.millis(),
        (edge, series) -> series.copy().collect(edge, opened, closed, sent, received));
    return List.of(
        calls.toSamples(),
        durations.toSamples(),
        opened.toSamples(),
        closed.toSamples(),
        sent.toSamples(),
        received.toSamples());
  }

  private static Family tcp(String name, String help) {
    return Family.counter("istio_tcp_" + name, help, LABELS, FLAGS);
  }

  @Override
  public List<MetricFamilySamples> describe() {
    return collect();
  }
}
