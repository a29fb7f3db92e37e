/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.overlay;

import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/** Where the overlay finds its figures. Called on worker threads. */
public interface OverlayEdges {

  /**
   * Edges with calls in a window.
   *
   * @param windowSeconds at least 5
   * @param lastEpochSecond the window's last second
   */
  List<OverlayEdge> edges(int windowSeconds, long lastEpochSecond);

  /**
   * Durations of several edges as if they were one.
   *
   * @param windowSeconds at least 5
   * @param lastEpochSecond the window's last second
   * @param group what the passage of an edge is a part of, null to leave it out
   * @return by group; those in which nothing was measured are left out
   */
  Map<String, OverlayDuration> durations(
      int windowSeconds, long lastEpochSecond, BiFunction<OverlayEdge.Key, Passage, String> group);
}
