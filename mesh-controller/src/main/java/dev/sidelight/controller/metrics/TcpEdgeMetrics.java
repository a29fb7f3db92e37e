/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.metrics;

import dev.sidelight.correlator.TcpTraffic;
import dev.sidelight.correlator.Workload;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * {@code sidelight_edge_tcp_*}: what access logs tell of TCP connections. Both proxies of a
 * connection tell it, so each series is of one reporter, as in Istio's own metrics. Any thread.
 */
public final class TcpEdgeMetrics {

  private static final double NANOS_PER_SECOND = 1e9;
  private static final String PROTOCOL = "tcp";

  // deps
  private final int maxEdges;

  // state
  private final Counter opened;
  private final Counter closed;
  private final Counter sentBytes;
  private final Counter receivedBytes;
  private final Counter seconds;
  private final Set<List<String>> edges = ConcurrentHashMap.newKeySet();

  /**
   * Registers them.
   *
   * @param maxEdges edges with series of their own, at least 1; others are counted under one whose
   *     labels are all {@code other}
   */
  public TcpEdgeMetrics(CollectorRegistry registry, int maxEdges) {
    this.maxEdges = maxEdges;
    opened = counter("connections_opened", "TCP connections opened on the edge", registry);
    closed = counter("connections_closed", "TCP connections closed on the edge", registry);
    sentBytes = counter("sent_bytes", "Bytes from destination to source", registry);
    receivedBytes = counter("received_bytes", "Bytes from source to destination", registry);
    seconds = counter("connection_seconds", "Seconds that connections were open", registry);
  }

  private static Counter counter(String name, String help, CollectorRegistry registry) {
    String[] labels = EdgeLabels.and(EdgeLabels.NAMES, "reporter").toArray(String[]::new);
    return Counter.build("sidelight_edge_tcp_" + name, help).labelNames(labels).register(registry);
  }

  /** Counts what has happened on a connection. */
  public void record(TcpTraffic traffic) {
    String[] labels = labels(traffic);
    opened.labels(labels).inc(traffic.opened() ? 1 : 0);
    closed.labels(labels).inc(traffic.ended() ? 1 : 0);
    sentBytes.labels(labels).inc((double) traffic.bytesSent());
    receivedBytes.labels(labels).inc((double) traffic.bytesReceived());
    seconds.labels(labels).inc(traffic.nanos() / NANOS_PER_SECOND);
  }

  private String[] labels(TcpTraffic traffic) {
    Workload source = traffic.entry().source();
    Workload destination = traffic.entry().destination();
    List<String> edge =
        List.of(
            source.workload(),
            source.namespace(),
            source.app(),
            source.version(),
            destination.workload(),
            destination.namespace(),
            destination.app(),
            destination.version(),
            PROTOCOL);
    if (!edges.contains(edge)) {
      // Two threads may both see room for the last edge: one beyond the bound does no harm.
      if (edges.size() < maxEdges) {
        edges.add(edge);
      } else {
        edge = EdgeLabels.OTHER;
      }
    }
    String reporter = traffic.entry().isOfSource() ? "source" : "destination";
    return EdgeLabels.and(edge, reporter).toArray(String[]::new);
  }
}
