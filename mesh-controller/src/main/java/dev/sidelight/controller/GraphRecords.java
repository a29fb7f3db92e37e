/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller;

import dev.sidelight.controller.edges.DurationCounts;
import dev.sidelight.controller.edges.EdgeTraffic;
import dev.sidelight.controller.edges.EdgeWindow;
import dev.sidelight.controller.edges.Principals;
import dev.sidelight.controller.edges.TcpEdge;
import dev.sidelight.controller.edges.TcpEdgeWindow;
import dev.sidelight.controller.graph.GraphDurations;
import dev.sidelight.controller.graph.GraphEdge;
import dev.sidelight.controller.graph.GraphEdges;
import dev.sidelight.controller.graph.GraphPrincipals;
import dev.sidelight.controller.graph.GraphResponse;
import dev.sidelight.controller.graph.GraphTcpEdge;
import dev.sidelight.controller.graph.GraphWindow;
import dev.sidelight.controller.graph.HopPart;
import dev.sidelight.correlator.CorrelatedRequest;
import dev.sidelight.correlator.TcpTraffic;
import dev.sidelight.correlator.Workload;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** What the graph is drawn from: the windows of edges, and the namespaces that are known. */
public final class GraphRecords implements GraphEdges {

  /** Names come from the network; nobody has as many namespaces. */
  private static final int MAX_NAMESPACES = 10_000;

  // deps
  private final EdgeWindow edges;
  private final TcpEdgeWindow tcpEdges;
  private final Supplier<Set<String>> configuredNamespaces;
  // state
  private final Set<String> namespaces = ConcurrentHashMap.newKeySet();

  /**
   * Reads what others record.
   *
   * @param edges calls
   * @param clock wall clock
   * @param maxEdges edges of TCP kept apart
   * @param configuredNamespaces known before anything is seen in them
   */
  public GraphRecords(
      EdgeWindow edges,
      InstantSource clock,
      int maxEdges,
      Supplier<Set<String>> configuredNamespaces) {
    this.edges = edges;
    this.tcpEdges = new TcpEdgeWindow(clock, maxEdges);
    this.configuredNamespaces = configuredNamespaces;
  }

  /** Remembers where a call was; the call itself is the edges'. */
  void record(CorrelatedRequest call) {
    remember(call.source());
    remember(call.destination());
  }

  /** Adds what has happened on a connection. Any thread. */
  void record(TcpTraffic traffic) {
    tcpEdges.record(traffic);
    remember(traffic.entry().source());
    remember(traffic.entry().destination());
  }

  private void remember(Workload workload) {
    if (!namespaces.contains(workload.namespace()) && namespaces.size() < MAX_NAMESPACES) {
      namespaces.add(workload.namespace());
    }
  }

  @Override
  public boolean knows(String namespace) {
    return !namespace.equals(Workload.UNKNOWN.namespace())
        && (namespaces.contains(namespace) || configuredNamespaces.get().contains(namespace));
  }

  @Override
  public List<GraphEdge> requests(GraphWindow window) {
    return edges
        .traffic(window.seconds(), window.lastEpochSecond(), window.parts(), window.idle())
        .stream()
        .map(GraphRecords::edge)
        .toList();
  }

  @Override
  public List<GraphTcpEdge> connections(GraphWindow window) {
    return tcpEdges.edges(window.seconds(), window.lastEpochSecond(), window.idle()).stream()
        .map(GraphRecords::edge)
        .toList();
  }

  private static GraphEdge edge(EdgeTraffic traffic) {
    return new GraphEdge(
        traffic.edge().source(),
        traffic.edge().destination(),
        traffic.edge().service(),
        traffic.edge().protocol(),
        traffic.responses().stream()
            .map(
                response ->
                    new GraphResponse(
                        response.responseCode(),
                        response.grpcStatus(),
                        response.responseFlags(),
                        response.requests()))
            .toList(),
        traffic.requestBytes(),
        traffic.responseBytes(),
        traffic.mutualTlsRequests(),
        principals(traffic.principals()),
        durations(traffic.total()),
        parts(traffic));
  }

  private static Map<HopPart, GraphDurations> parts(EdgeTraffic traffic) {
    Map<HopPart, GraphDurations> parts = new EnumMap<>(HopPart.class);
    if (traffic.sourceSidecar() != null) {
      parts.put(HopPart.SOURCE_SIDECAR, durations(traffic.sourceSidecar()));
      parts.put(HopPart.NETWORK, durations(traffic.network()));
      parts.put(HopPart.DESTINATION_SIDECAR, durations(traffic.destinationSidecar()));
      parts.put(HopPart.APPLICATION, durations(traffic.application()));
    }
    return parts;
  }

  private static GraphDurations durations(DurationCounts counts) {
    return new GraphDurations(counts.calls(), counts.sumNanos(), counts.nanos(), counts.counts());
  }

  private static GraphTcpEdge edge(TcpEdge edge) {
    return new GraphTcpEdge(
        edge.source(),
        edge.destination(),
        edge.service(),
        edge.responseFlags(),
        edge.bytesReceived(),
        edge.bytesSent(),
        principals(edge.principals()));
  }

  private static GraphPrincipals principals(Principals principals) {
    return new GraphPrincipals(principals.source(), principals.destination());
  }
}
