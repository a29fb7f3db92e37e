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

  /**
   * A graph of what the edges are at the time of each answer.
   *
   * @param clock wall clock
   * @param edges where they come from
   */
  public KialiGraph(InstantSource clock, GraphEdges edges) {
    this.clock = clock;
    this.edges = edges;
  }

  /** The answer to Kiali's query parameters, one value a name. */
  public GraphAnswer answer(Map<String, String> parameters) {
    try {
      long nowEpochSecond = Math.floorDiv(clock.millis(), 1000L);
      Drawing drawing = new Drawing(GraphQuery.parse(parameters, nowEpochSecond));
      edges
          .edges(drawing.query().durationSeconds(), drawing.query().lastEpochSecond())
          .forEach(drawing::add);
      return new GraphAnswer(200, GraphJson.write(drawing));
    } catch (BadQueryException e) {
      return new GraphAnswer(400, GraphJson.error(e.getMessage()));
    }
  }
}
