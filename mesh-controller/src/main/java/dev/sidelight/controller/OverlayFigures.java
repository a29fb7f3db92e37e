/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller;

import dev.sidelight.controller.edges.EdgeDuration;
import dev.sidelight.controller.edges.EdgeKey;
import dev.sidelight.controller.edges.EdgeTraffic;
import dev.sidelight.controller.edges.EdgeWindow;
import dev.sidelight.controller.edges.LatencyFigures;
import dev.sidelight.controller.overlay.OverlayDuration;
import dev.sidelight.controller.overlay.OverlayEdge;
import dev.sidelight.controller.overlay.OverlayEdges;
import dev.sidelight.controller.overlay.Passage;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/** The edges, as the overlay before a Kiali asks for them. */
record OverlayFigures(EdgeWindow window) implements OverlayEdges {

  @Override
  public List<OverlayEdge> edges(int windowSeconds, long lastEpochSecond) {
    return window.traffic(windowSeconds, lastEpochSecond, true, false).stream()
        .map(OverlayFigures::edge)
        .toList();
  }

  private static OverlayEdge edge(EdgeTraffic traffic) {
    return new OverlayEdge(
        key(traffic.edge()),
        traffic.sourceSidecar().calls() > 0,
        traffic.destinationSidecar().calls() > 0,
        traffic.responses().stream()
            .map(
                response ->
                    new OverlayEdge.Response(
                        response.responseCode(), response.responseFlags(), response.requests()))
            .toList());
  }

  @Override
  public Map<String, OverlayDuration> durations(
      int windowSeconds, long lastEpochSecond, BiFunction<OverlayEdge.Key, Passage, String> group) {
    Map<String, OverlayDuration> durations = new HashMap<>();
    window
        .merged(
            windowSeconds,
            lastEpochSecond,
            (edge, duration) -> group.apply(key(edge), passage(duration)))
        .forEach((name, figures) -> durations.put(name, duration(figures)));
    return durations;
  }

  private static OverlayEdge.Key key(EdgeKey edge) {
    return new OverlayEdge.Key(edge.source(), edge.destination(), edge.protocol());
  }

  private static Passage passage(EdgeDuration duration) {
    return switch (duration) {
      case SOURCE_SIDECAR -> Passage.SOURCE_SIDECAR;
      case NETWORK -> Passage.NETWORK;
      case DESTINATION_SIDECAR -> Passage.DESTINATION_SIDECAR;
    };
  }

  private static OverlayDuration duration(LatencyFigures figures) {
    return new OverlayDuration(
        figures.meanNanos(), figures.p50Nanos(), figures.p95Nanos(), figures.p99Nanos());
  }
}
