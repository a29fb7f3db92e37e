/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.graph;

import java.util.List;

/** Where the graph finds its edges. Called on worker threads. */
@FunctionalInterface
public interface GraphEdges {

  /**
   * Edges with calls in a window.
   *
   * @param windowSeconds 5 to 900
   * @param lastEpochSecond the window's last second
   */
  List<GraphEdge> edges(int windowSeconds, long lastEpochSecond);
}
