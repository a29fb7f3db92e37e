/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.graph;

import java.time.InstantSource;
import java.util.Map;

/** {@code GET /api/namespaces/graph}. Any thread; takes as long as its edges do. */
public final class KialiGraph {

  // deps
  private final InstantSource clock;
  private final GraphEdges edges;
  private final GraphBadges badges;

  /** A graph without badges. */
  public KialiGraph(InstantSource clock, GraphEdges edges) {
    this(clock, edges, GraphBadges.NONE);
  }

  /**
   * A graph of what the edges are at the time of each answer.
   *
   * @param clock wall clock
   * @param edges where they come from
   * @param badges what Istio does with their calls
   */
  public KialiGraph(InstantSource clock, GraphEdges edges, GraphBadges badges) {
    this.clock = clock;
    this.edges = edges;
    this.badges = badges;
  }

  /** The answer to Kiali's query parameters, one value a name. */
  public GraphAnswer answer(Map<String, String> parameters) {
    try {
      long nowEpochSecond = Math.floorDiv(clock.millis(), 1000L);
      GraphQuery query = new QueryReader(parameters, edges::knows).read(nowEpochSecond);
      return new GraphAnswer(200, GraphJson.write(draw(query), badges));
    } catch (BadQueryException e) {
      return new GraphAnswer(e.statusCode(), GraphJson.error(e.getMessage()));
    }
  }

  private Drawing draw(GraphQuery query) {
    Drawing drawing = new Drawing(query);
    edges.requests(query.window()).forEach(drawing::add);
    edges.connections(query.window()).forEach(drawing::add);
    Services.setApps(drawing);
    if (query.type() == GraphType.SERVICE) {
      Services.reduce(drawing);
      if (query.hops()) {
        drawing
            .edges()
            .forEach(
                edge ->
                    edge.calls()
                        .forEach(calls -> Hops.draw(drawing, edge.source(), edge.target(), calls)));
      }
    }
    return drawing;
  }
}
