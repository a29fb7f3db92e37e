/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.graph;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** A node with what goes in and out, by protocol. One thread. */
final class DrawnNode {

  // deps
  private final GraphNode node;
  // state
  private final Map<String, Rates> incoming = new TreeMap<>();
  private final Map<String, Rates> outgoing = new TreeMap<>();

  DrawnNode(GraphNode node) {
    this.node = node;
  }

  void addIncoming(GraphEdge edge) {
    Rates rates = incoming.computeIfAbsent(edge.protocol(), Rates::new);
    edge.responses().forEach(rates::add);
  }

  void addOutgoing(GraphEdge edge) {
    Rates rates = outgoing.computeIfAbsent(edge.protocol(), Rates::new);
    edge.responses().forEach(rates::add);
  }

  GraphNode node() {
    return node;
  }

  boolean isRoot() {
    return incoming.isEmpty();
  }

  long requestsOut(String protocol) {
    return outgoing.get(protocol).requests();
  }

  /** Rates by protocol, then name. */
  Map<String, Map<String, String>> traffic(int seconds) {
    Map<String, Map<String, String>> traffic = new TreeMap<>();
    incoming.forEach((protocol, rates) -> rates.putIncoming(of(traffic, protocol), seconds));
    outgoing.forEach((protocol, rates) -> rates.putOutgoing(of(traffic, protocol), seconds));
    return traffic;
  }

  private static Map<String, String> of(Map<String, Map<String, String>> traffic, String protocol) {
    return traffic.computeIfAbsent(protocol, key -> new LinkedHashMap<>());
  }
}
