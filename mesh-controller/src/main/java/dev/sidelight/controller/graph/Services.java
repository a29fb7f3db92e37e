/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.graph;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What makes services of a drawing. One thread. */
final class Services {

  private Services() {}

  /** A service is of the app of those who answer for it, where they are of one. */
  static void setApps(Drawing drawing) {
    Map<DrawnNode, Set<String>> apps = new HashMap<>();
    for (DrawnEdge edge : drawing.edges()) {
      if (edge.source().isInjected()) {
        apps.computeIfAbsent(edge.source(), key -> new HashSet<>()).add(edge.target().node().app());
      }
    }
    apps.forEach(
        (service, ofTargets) -> {
          String app = ofTargets.size() == 1 ? ofTargets.iterator().next() : "";
          if (GraphNode.isKnown(app)) {
            service.setApp(app);
          }
        });
  }

  /**
   * Leaves services and the workloads that answer for none: what a workload called, the services
   * did that it answers for.
   */
  static void reduce(Drawing drawing) {
    Map<DrawnNode, List<DrawnEdge>> bySource = new HashMap<>();
    for (DrawnEdge edge : drawing.edges()) {
      bySource.computeIfAbsent(edge.source(), key -> new ArrayList<>()).add(edge);
    }
    Set<DrawnNode> answering = new HashSet<>();
    for (DrawnEdge edge : drawing.edges()) {
      if (edge.source().node().isService()) {
        answering.add(edge.target());
      }
    }
    List<DrawnNode> nodes = new ArrayList<>();
    List<DrawnEdge> edges = new ArrayList<>();
    for (DrawnNode node : drawing.nodes()) {
      List<DrawnEdge> outgoing = bySource.getOrDefault(node, List.of());
      boolean service = node.node().isService();
      List<DrawnEdge> reduced =
          service ? throughWorkloads(node, outgoing, bySource) : toServices(outgoing);
      if (service || (!answering.contains(node) && !reduced.isEmpty())) {
        nodes.add(node);
        edges.addAll(reduced);
      }
    }
    nodes.forEach(DrawnNode::forgetEdges);
    for (DrawnEdge edge : edges) {
      edge.source().addOutgoing(edge);
      edge.source().markSource();
      edge.target().markTarget();
    }
    drawing.redraw(nodes, edges);
  }

  private static List<DrawnEdge> toServices(List<DrawnEdge> edges) {
    return edges.stream().filter(edge -> edge.target().node().isService()).toList();
  }

  private static List<DrawnEdge> throughWorkloads(
      DrawnNode service, List<DrawnEdge> outgoing, Map<DrawnNode, List<DrawnEdge>> bySource) {
    Map<String, DrawnEdge> merged = new HashMap<>();
    for (DrawnEdge toWorkload : outgoing) {
      for (DrawnEdge edge : toServices(bySource.getOrDefault(toWorkload.target(), List.of()))) {
        merged
            .computeIfAbsent(
                edge.target().id() + edge.protocol(),
                key -> new DrawnEdge(service, edge.target(), edge.protocol()))
            .addAll(edge);
      }
    }
    return List.copyOf(merged.values());
  }
}
