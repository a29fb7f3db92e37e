/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.graph;

import dev.sidelight.correlator.DestinationService;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** A node with what goes in and out, by protocol. One thread. */
final class DrawnNode {

  // deps
  private final String id;
  private final boolean extension;
  // state
  private final Map<String, Rates> incoming = new TreeMap<>();
  private final Map<String, Rates> outgoing = new TreeMap<>();
  private final TreeSet<DestService> destServices = new TreeSet<>();
  private GraphNode node;
  private String parent = "";
  private boolean target;
  private boolean source;
  private boolean injected;

  DrawnNode(GraphNode node, boolean extension) {
    this.node = node;
    this.extension = extension;
    id = Ids.digest(node.key());
  }

  void addIncoming(String protocol, String code, double perSecond) {
    incoming.computeIfAbsent(protocol, Rates::new).add(code, perSecond);
  }

  void addOutgoing(String protocol, String code, double perSecond) {
    outgoing.computeIfAbsent(protocol, Rates::new).add(code, perSecond);
  }

  void addOutgoing(DrawnEdge edge) {
    outgoing.computeIfAbsent(edge.protocol(), Rates::new).addAll(edge.rates());
  }

  /** But not what came in by edges that are drawn no more. */
  void forgetEdges() {
    outgoing.clear();
    source = false;
    target = false;
  }

  void requestedAs(String cluster, DestinationService service) {
    if (GraphNode.isKnown(service.name())) {
      destServices.add(new DestService(cluster, service.namespace(), service.name()));
    }
  }

  void markTarget() {
    target = true;
  }

  void markSource() {
    source = true;
  }

  void markInjected() {
    injected = true;
  }

  void placeIn(String boxId) {
    parent = boxId;
  }

  /** A service has none of its own: those who answer for it tell. */
  void setApp(String app) {
    node = node.withApp(app);
  }

  GraphNode node() {
    return node;
  }

  String id() {
    return id;
  }

  /** Id of the box that it is in; empty where in none. */
  String parent() {
    return parent;
  }

  boolean isExtension() {
    return extension;
  }

  boolean isInjected() {
    return injected;
  }

  boolean isUnknown() {
    return node.nodeType().equals(GraphNode.UNKNOWN_TYPE);
  }

  /** Only calls. */
  boolean isRoot() {
    return source && !target;
  }

  /** Has edges, but nothing passed on them. */
  boolean isIdle() {
    return incoming.isEmpty() && outgoing.isEmpty();
  }

  List<DestService> destServices() {
    return List.copyOf(destServices);
  }

  double out(String protocol) {
    Rates rates = outgoing.get(protocol);
    return rates == null ? 0 : rates.total();
  }

  /** Rates by protocol, then name. */
  Map<String, Map<String, String>> traffic() {
    Map<String, Map<String, String>> traffic = new TreeMap<>();
    incoming.forEach((protocol, rates) -> rates.putIncoming(of(traffic, protocol)));
    outgoing.forEach((protocol, rates) -> rates.putOutgoing(of(traffic, protocol)));
    return traffic;
  }

  private static Map<String, String> of(Map<String, Map<String, String>> traffic, String protocol) {
    return traffic.computeIfAbsent(protocol, key -> new TreeMap<>());
  }

  /** A service that was named to reach a node, in Kiali's order. */
  record DestService(String cluster, String namespace, String name)
      implements Comparable<DestService> {

    @Override
    public int compareTo(DestService other) {
      int order = cluster.compareTo(other.cluster);
      order = order == 0 ? namespace.compareTo(other.namespace) : order;
      return order == 0 ? name.compareTo(other.name) : order;
    }
  }
}
