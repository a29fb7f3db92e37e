/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.overlay;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Which nodes of a graph Kiali draws calls between. Immutable. */
final class GraphLinks {

  // state
  private final Map<String, KialiNode> nodesById = new HashMap<>();
  private final Map<String, Set<String>> targets = new HashMap<>();

  GraphLinks(GraphDocument document) {
    document.nodes().forEach(node -> nodesById.put(node.id(), node));
    for (KialiEdge edge : document.edges()) {
      if (edge.isRequests()) {
        targets.computeIfAbsent(edge.source(), key -> new HashSet<>()).add(edge.target());
      }
    }
  }

  /**
   * What refers to a node must find it.
   *
   * @throws PassedException otherwise, or where two nodes have one id
   */
  static void check(GraphDocument document) throws PassedException {
    Set<String> ids = new HashSet<>();
    for (KialiNode node : document.nodes()) {
      if (!ids.add(node.id())) {
        throw PassedException.unknownSchema("an id twice");
      }
    }
    for (KialiNode node : document.nodes()) {
      if (node.parent() != null && !ids.contains(node.parent())) {
        throw PassedException.unknownSchema("a parent that is no node");
      }
    }
    for (KialiEdge edge : document.edges()) {
      if (!ids.contains(edge.source()) || !ids.contains(edge.target())) {
        throw PassedException.unknownSchema("an edge without its node");
      }
    }
  }

  boolean hasNode(String id) {
    return nodesById.containsKey(id);
  }

  /** Whether calls go from one to the other, straight or by way of a service's node. */
  boolean isDrawn(KialiNode source, KialiNode target) {
    Set<String> next = targets.getOrDefault(source.id(), Set.of());
    return next.contains(target.id())
        || next.stream()
            .filter(id -> nodesById.get(id).is("service"))
            .anyMatch(id -> targets.getOrDefault(id, Set.of()).contains(target.id()));
  }
}
