/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.graph;

import dev.sidelight.correlator.DestinationService;
import dev.sidelight.correlator.Workload;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Nodes and edges of one answer, merged by what nodes stand for. One thread. */
final class Drawing {

  private static final Comparator<DrawnEdge> EDGE_ORDER =
      Comparator.comparing((DrawnEdge edge) -> edge.source().id())
          .thenComparing(edge -> edge.target().id())
          .thenComparing(DrawnEdge::protocol);

  // deps
  private final GraphQuery query;
  // state
  private final Map<String, DrawnNode> nodes = new HashMap<>();
  private final Map<Line, DrawnEdge> edges = new HashMap<>();

  Drawing(GraphQuery query) {
    this.query = query;
  }

  /** Draws calls, if either end lies in a namespace that was asked for. */
  void add(GraphEdge edge) {
    if (!query.draws(edge.protocol())
        || !query.asksFor(edge.source(), edge.destination(), edge.service())) {
      return;
    }
    for (DrawnEdge drawn :
        lines(edge.source(), edge.destination(), edge.service(), edge.protocol())) {
      drawn.addCalls(edge);
      for (GraphResponse response : edge.responses()) {
        double perSecond = Rates.perSecond(response.requests(), query.durationSeconds());
        put(drawn, response.codeText(), response.flags(), edge.service().host(), perSecond);
      }
    }
    if (query.hops() && query.type() != GraphType.SERVICE) {
      Hops.draw(this, end(edge.source()), end(edge), edge);
    }
  }

  /** Draws connections, in bytes a second. */
  void add(GraphTcpEdge edge) {
    if (!query.draws(Rates.TCP)
        || !query.asksFor(edge.source(), edge.destination(), edge.service())) {
      return;
    }
    long bytes = query.tcpBytes(edge);
    for (DrawnEdge drawn : lines(edge.source(), edge.destination(), edge.service(), Rates.TCP)) {
      boolean mutualTls = !edge.principals().equals(GraphPrincipals.NONE);
      drawn.addSecurity(mutualTls ? bytes : 0, bytes, edge.principals());
      double perSecond = Rates.perSecond(bytes, query.durationSeconds());
      put(drawn, Rates.NO_RESPONSE, edge.flags(), edge.service().host(), perSecond);
    }
  }

  private DrawnNode end(Workload source) {
    return node(GraphNode.source(query.type(), source));
  }

  private DrawnNode end(GraphEdge edge) {
    return node(
        GraphNode.destination(
            query.type(), edge.destination(), edge.service(), edge.source().cluster()));
  }

  /** One, or two with the service between them. */
  private List<DrawnEdge> lines(
      Workload from, Workload to, DestinationService service, String protocol) {
    DrawnNode source = end(from);
    String cluster = GraphNode.destinationCluster(to, service, from.cluster());
    DrawnNode target = node(GraphNode.destination(query.type(), to, service, from.cluster()));
    target.requestedAs(cluster, service);
    if (!query.injectsServices()
        || target.node().isService()
        || !GraphNode.isKnown(service.name())
        || service.name().equals("PassthroughCluster")) {
      return List.of(edge(source, target, protocol));
    }
    DrawnNode between = node(GraphNode.service(cluster, service.namespace(), service.name()));
    between.markInjected();
    between.requestedAs(cluster, service);
    return List.of(edge(source, between, protocol), edge(between, target, protocol));
  }

  private static void put(
      DrawnEdge edge, String code, String flags, String host, double perSecond) {
    if (perSecond > 0) {
      edge.add(code, flags, host, perSecond);
      edge.source().addOutgoing(edge.protocol(), code, perSecond);
      edge.target().addIncoming(edge.protocol(), code, perSecond);
    }
  }

  private DrawnNode node(GraphNode node) {
    return nodes.computeIfAbsent(node.key(), key -> new DrawnNode(node, false));
  }

  /** One of Sidelight's own, which Kiali draws as an extension's. */
  DrawnNode extension(GraphNode node) {
    return nodes.computeIfAbsent(node.key(), key -> new DrawnNode(node, true));
  }

  private DrawnEdge edge(DrawnNode source, DrawnNode target, String protocol) {
    source.markSource();
    target.markTarget();
    return line(source, target, protocol);
  }

  /** An edge that does not make a target of its target. */
  DrawnEdge line(DrawnNode source, DrawnNode target, String protocol) {
    return edges.computeIfAbsent(
        new Line(source.id(), target.id(), protocol),
        key -> new DrawnEdge(source, target, protocol));
  }

  /** Replaces everything. */
  void redraw(Collection<DrawnNode> keptNodes, Collection<DrawnEdge> keptEdges) {
    nodes.clear();
    edges.clear();
    keptNodes.forEach(node -> nodes.put(node.node().key(), node));
    keptEdges.forEach(
        edge -> edges.put(new Line(edge.source().id(), edge.target().id(), edge.protocol()), edge));
  }

  GraphQuery query() {
    return query;
  }

  /** In Kiali's order. */
  List<DrawnNode> nodes() {
    return nodes.values().stream()
        .sorted(Comparator.comparing(DrawnNode::node, GraphNode.ORDER))
        .toList();
  }

  /** In Kiali's order. */
  List<DrawnEdge> edges() {
    List<DrawnEdge> sorted = new ArrayList<>(edges.values());
    sorted.sort(EDGE_ORDER);
    return sorted;
  }

  /** Where an edge goes. */
  private record Line(String source, String target, String protocol) {}
}
