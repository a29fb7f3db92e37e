/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.overlay;

import java.io.IOException;
import java.time.InstantSource;
import java.util.Map;

/** Changes a graph. Any thread; takes as long as the figures do. */
final class GraphChange {

  private static final int SHORTEST_WINDOW_SECONDS = 5;

  /** What Kiali may take to answer with the longest window. */
  private static final int SLACK_SECONDS = 60;

  // deps
  private final OverlayEdges overlayEdges;
  private final OverlaySettings settings;
  private final InstantSource clock;

  GraphChange(OverlayEdges overlayEdges, OverlaySettings settings, InstantSource clock) {
    this.overlayEdges = overlayEdges;
    this.settings = settings;
    this.clock = clock;
  }

  /**
   * The body with the sidecars, in the same coding.
   *
   * @throws PassedException where the body must go on as it came
   */
  byte[] apply(byte[] body, ContentCoding coding, GraphRequest request)
      throws PassedException, IOException {
    byte[] json = coding.decode(body, settings.maxGraphBytes());
    return coding.encode(apply(json, request));
  }

  private byte[] apply(byte[] json, GraphRequest request) throws PassedException {
    GraphDocument document = GraphReader.read(json);
    ResponseTime responseTime = ResponseTime.of(request.responseTime());
    if (document.graphType().equals("service")) {
      // An extension's edge between services makes Kiali itself fail, and calls are of workloads.
      throw new PassedException(Outcome.PARAMETERS, "graphType service");
    }
    checkWindow(document);
    int seconds = (int) document.durationSeconds();
    HopGraph graph = new HopGraph(document);
    for (OverlayEdge edge : overlayEdges.edges(seconds, document.timestampEpochSecond())) {
      graph.add(edge);
    }
    if (graph.isEmpty()) {
      throw new PassedException(Outcome.NO_EDGES, "no edge fits");
    }
    Map<String, OverlayDuration> durations =
        overlayEdges.durations(seconds, document.timestampEpochSecond(), graph::edgeId);
    HopJson more = new HopJson(graph, seconds, responseTime, durations);
    return document.with(more.nodes(), more.edges());
  }

  /** Figures of another time than Kiali's would stand beside Kiali's. */
  private void checkWindow(GraphDocument document) throws PassedException {
    long nowEpochSecond = Math.floorDiv(clock.millis(), 1000L);
    long firstEpochSecond = document.timestampEpochSecond() - document.durationSeconds();
    if (document.durationSeconds() < SHORTEST_WINDOW_SECONDS
        || document.durationSeconds() > settings.longestWindowSeconds()
        || firstEpochSecond < nowEpochSecond - settings.longestWindowSeconds() - SLACK_SECONDS) {
      throw new PassedException(
          Outcome.WINDOW,
          document.durationSeconds() + " s until " + document.timestampEpochSecond());
    }
  }
}
