/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.graph;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

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
  private final Map<String, DrawnEdge> edges = new TreeMap<>();

  Drawing(GraphQuery query) {
    this.query = query;
  }

  /** Draws an edge if either end lies in a namespace that was asked for. */
  void add(GraphEdge edge) {
    if (!query.namespaces().contains(edge.source().namespace())
        && !query.namespaces().contains(edge.destination().namespace())) {
      return;
    }
    DrawnNode source = node(query.type().node(edge.source()));
    DrawnNode target = node(query.type().node(edge.destination()));
    source.addOutgoing(edge);
    target.addIncoming(edge);
    edges
        .computeIfAbsent(
            source.node().key() + ' ' + target.node().key() + ' ' + edge.protocol(),
            key -> new DrawnEdge(source.node(), target.node(), edge.protocol()))
        .add(edge);
  }

  private DrawnNode node(GraphNode node) {
    return nodes.computeIfAbsent(node.key(), key -> new DrawnNode(node));
  }

  GraphQuery query() {
    return query;
  }

  List<DrawnNode> nodes() {
    return nodes.values().stream()
        .sorted(Comparator.comparing(DrawnNode::node, GraphNode.ORDER))
        .toList();
  }

  List<DrawnEdge> edges() {
    return edges.values().stream().sorted(EDGE_ORDER).toList();
  }

  /** One node of each app's box, in the order of nodes. */
  Collection<GraphNode> boxes() {
    Map<String, GraphNode> boxes = new TreeMap<>();
    if (query.boxedByApp()) {
      nodes.values().stream()
          .map(DrawnNode::node)
          .filter(node -> !node.isUnknown())
          .forEach(node -> boxes.putIfAbsent(node.boxKey(), node));
    }
    return boxes.values();
  }

  long requestsOf(GraphNode source, String protocol) {
    return nodes.get(source.key()).requestsOut(protocol);
  }
}
