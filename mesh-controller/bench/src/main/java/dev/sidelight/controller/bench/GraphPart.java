/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.bench;

import dev.sidelight.controller.GraphRecords;
import dev.sidelight.controller.edges.EdgeWindow;
import dev.sidelight.controller.graph.GraphAnswer;
import dev.sidelight.controller.graph.KialiGraph;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * Kiali's graph of 1,000 workloads over its default of ten minutes, each edge with a call a second:
 * from the packed window to the JSON's bytes. Medians.
 */
final class GraphPart implements Part {

  private static final int WORKLOADS = 1_000;
  private static final int EDGES = 1_500;
  private static final int SECONDS = 600;
  private static final int WARM_UP = 15;
  private static final int ANSWERS = 15;
  private static final double MILLIS_LIMIT = 200;
  private static final double NANOS_PER_MILLI = 1e6;
  private static final long NANOS_PER_SECOND = 1_000_000_000L;
  private static final long START = 1_800_000_000L;

  // state
  private long nowEpochSecond = START;

  @Override
  public List<Figure> measure() {
    EdgeWindow window =
        new EdgeWindow(() -> Instant.ofEpochSecond(nowEpochSecond), EDGES, Long.MAX_VALUE);
    GraphRecords records =
        new GraphRecords(
            window, () -> Instant.ofEpochSecond(nowEpochSecond), EDGES, () -> Set.of("shop"));
    Random random = new Random(1);
    for (; nowEpochSecond < START + SECONDS; nowEpochSecond++) {
      for (int edge = 0; edge < EDGES; edge++) {
        window.record(Calls.call(edge, WORKLOADS, random, nowEpochSecond * NANOS_PER_SECOND));
      }
    }
    nowEpochSecond--;
    KialiGraph graph = new KialiGraph(() -> Instant.ofEpochSecond(nowEpochSecond), records);
    return List.of(
        millis(graph, "graph_wall_millis", Map.of("graphType", "workload"), MILLIS_LIMIT),
        millis(
            graph,
            "graph_with_services_wall_millis",
            Map.of("graphType", "versionedApp", "injectServiceNodes", "true"),
            MILLIS_LIMIT),
        millis(graph, "graph_service_wall_millis", Map.of("graphType", "service"), MILLIS_LIMIT),
        millis(
            graph,
            "graph_hops_wall_millis",
            Map.of("graphType", "workload", "hops", "true"),
            Figure.NONE),
        new Figure("graph_window_mb", window.packedBytes() / 1e6, Figure.NONE));
  }

  private static Figure millis(
      KialiGraph graph, String name, Map<String, String> parameters, double limit) {
    Map<String, String> all = new HashMap<>(parameters);
    all.put("namespaces", "shop");
    double[] millis = new double[ANSWERS];
    for (int i = -WARM_UP; i < ANSWERS; i++) {
      long start = System.nanoTime();
      GraphAnswer answer = graph.answer(all);
      if (answer.statusCode() != 200 || answer.json().length < WORKLOADS * 100) {
        throw new IllegalStateException("answered " + answer.statusCode());
      }
      if (i >= 0) {
        millis[i] = (System.nanoTime() - start) / NANOS_PER_MILLI;
      }
    }
    Arrays.sort(millis);
    return new Figure(name, millis[ANSWERS / 2], limit);
  }
}
