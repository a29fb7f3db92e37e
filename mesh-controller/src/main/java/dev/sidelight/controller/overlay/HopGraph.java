/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.overlay;

import dev.sidelight.controller.overlay.HopNode.Side;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The sidecars beside a graph's own edges: {@code source -> source sidecar (out) -> destination
 * sidecar (in) -> destination}, without the sidecar that was not seen. The steps have the times of
 * the source's sidecar, of the network and of the destination's sidecar. One thread.
 */
final class HopGraph {

  private static final Comparator<HopNode> NODE_ORDER =
      Comparator.comparing((HopNode node) -> node.owner().cluster())
          .thenComparing(node -> node.owner().namespace())
          .thenComparing(HopNode::service);
  private static final Comparator<HopEdge> EDGE_ORDER =
      Comparator.comparing(HopEdge::sourceId)
          .thenComparing(HopEdge::targetId)
          .thenComparing(edge -> edge.traffic().protocol());

  // deps
  private final GraphNodes graphNodes;
  private final GraphLinks links;

  // state
  private final Map<String, HopNode> nodes = new TreeMap<>();
  private final Map<String, HopEdge> edges = new TreeMap<>();
  private final Map<String, Long> requestsOut = new HashMap<>();
  private final Map<OverlayEdge.Key, Map<Passage, String>> edgeIds = new HashMap<>();

  HopGraph(GraphDocument document) {
    graphNodes = new GraphNodes(document);
    links = new GraphLinks(document);
  }

  /** Draws the calls where Kiali draws them too, and a sidecar was seen. */
  void add(OverlayEdge edge) throws PassedException {
    KialiNode source = graphNodes.find(edge.key().source());
    KialiNode destination = graphNodes.find(edge.key().destination());
    if (source == null || destination == null || !links.isDrawn(source, destination)) {
      return;
    }
    boolean out = edge.sourceSidecarSeen() && !source.is("unknown");
    boolean in = edge.destinationSidecarSeen();
    String from = source.id();
    if (out) {
      from = step(edge, Passage.SOURCE_SIDECAR, from, through(edge, source, Side.OUT));
    }
    if (in) {
      // Without the other sidecar this is no passage that has a time.
      from = step(edge, out ? Passage.NETWORK : null, from, through(edge, destination, Side.IN));
    }
    if (out || in) {
      step(edge, in ? Passage.DESTINATION_SIDECAR : null, from, destination.id());
    }
  }

  private String through(OverlayEdge edge, KialiNode owner, Side side) throws PassedException {
    HopNode hop = new HopNode(owner, side);
    if (links.hasNode(hop.id())) {
      throw new PassedException(Outcome.ID_TAKEN, hop.service());
    }
    HopNode drawn = nodes.computeIfAbsent(hop.id(), id -> hop);
    drawn.add(edge);
    return drawn.id();
  }

  /**
   * Answers the target, from which the next step goes on. The passage is null where it has no time.
   */
  private String step(OverlayEdge edge, Passage passage, String sourceId, String targetId) {
    HopEdge step = HopEdge.between(sourceId, targetId, edge.key().protocol());
    HopEdge drawn = edges.computeIfAbsent(step.id(), id -> step);
    drawn.traffic().add(edge.responses());
    edgeIds.computeIfAbsent(edge.key(), key -> new HashMap<>()).put(passage, drawn.id());
    long requests = edge.responses().stream().mapToLong(OverlayEdge.Response::requests).sum();
    requestsOut.merge(sourceId + ' ' + edge.key().protocol(), requests, Long::sum);
    return targetId;
  }

  boolean isEmpty() {
    return edges.isEmpty();
  }

  /** The edge that shows a passage of these calls, null where none does. */
  String edgeId(OverlayEdge.Key key, Passage passage) {
    Map<Passage, String> ofKey = edgeIds.get(key);
    return ofKey == null ? null : ofKey.get(passage);
  }

  List<HopNode> nodes() {
    return sorted(nodes.values(), NODE_ORDER);
  }

  List<HopEdge> edges() {
    return sorted(edges.values(), EDGE_ORDER);
  }

  /** Calls that leave the edge's source by its protocol, here. */
  long requestsOfSource(HopEdge edge) {
    return requestsOut.get(edge.sourceId() + ' ' + edge.traffic().protocol());
  }

  private static <T> List<T> sorted(Collection<T> values, Comparator<T> order) {
    List<T> list = new ArrayList<>(values);
    list.sort(order);
    return list;
  }
}
