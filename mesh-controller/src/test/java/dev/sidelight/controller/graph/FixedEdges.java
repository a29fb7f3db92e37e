/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.graph;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Edges as a test gives them; it remembers which windows were asked for. */
final class FixedEdges implements GraphEdges {

  private static final Set<String> NAMESPACES = Set.of("bookinfo", "istio-system", "empty");

  private final List<GraphEdge> requests;
  private final List<GraphTcpEdge> connections;
  private final List<GraphWindow> asked = new ArrayList<>();

  FixedEdges(List<GraphEdge> requests, List<GraphTcpEdge> connections) {
    this.requests = requests;
    this.connections = connections;
  }

  @Override
  public List<GraphEdge> requests(GraphWindow window) {
    asked.add(window);
    return requests;
  }

  @Override
  public List<GraphTcpEdge> connections(GraphWindow window) {
    return connections;
  }

  @Override
  public boolean knows(String namespace) {
    return NAMESPACES.contains(namespace);
  }

  List<GraphWindow> asked() {
    return asked;
  }
}
