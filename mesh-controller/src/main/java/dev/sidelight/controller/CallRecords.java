/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller;

import dev.sidelight.controller.edges.EdgeSnapshot;
import dev.sidelight.controller.edges.EdgeWindow;
import dev.sidelight.controller.edges.EdgesJson;
import dev.sidelight.controller.edges.LatencyFigures;
import dev.sidelight.controller.edges.RecentCalls;
import dev.sidelight.controller.graph.GraphAnswer;
import dev.sidelight.controller.graph.GraphEdge;
import dev.sidelight.controller.graph.GraphResponse;
import dev.sidelight.controller.graph.KialiGraph;
import dev.sidelight.controller.metrics.EdgeMetrics;
import dev.sidelight.controller.metrics.EdgeWindowMetrics;
import dev.sidelight.controller.web.Answer;
import dev.sidelight.controller.web.ApiSources;
import dev.sidelight.correlator.CorrelatedRequest;
import io.prometheus.client.CollectorRegistry;
import java.time.InstantSource;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** Where finished calls go: every view of them. {@link #accept} is for the correlator's thread. */
final class CallRecords implements Consumer<CorrelatedRequest> {

  // deps
  private final CollectorRegistry registry;
  private final EdgeWindow edges;
  private final RecentCalls recentCalls;
  private final EdgeMetrics edgeMetrics;
  private final KialiGraph graph;

  CallRecords(CollectorRegistry registry, InstantSource clock, int maxEdges) {
    this.registry = registry;
    edges = new EdgeWindow(clock, maxEdges);
    recentCalls =
        new RecentCalls(clock, RecentCalls.defaultCapacity(Runtime.getRuntime().maxMemory()));
    graph = new KialiGraph(clock, this::graphEdges);
    edgeMetrics = new EdgeMetrics(maxEdges).register(registry);
    new EdgeWindowMetrics(
            edges::edges,
            edges::packedBytes,
            edges::thinnedSeconds,
            edges::mergedCalls,
            edges::outOfRangeCalls)
        .register(registry);
  }

  @Override
  public void accept(CorrelatedRequest call) {
    edges.record(call);
    recentCalls.record(call);
    edgeMetrics.record(call);
  }

  /** What the HTTP port answers with. */
  ApiSources apiSources(BooleanSupplier ready) {
    return new ApiSources(
        windowSeconds -> EdgesJson.write(windowSeconds, edges.snapshot(windowSeconds)),
        recentCalls::newest,
        parameters -> {
          GraphAnswer answer = graph.answer(parameters);
          return Answer.json(answer.statusCode(), answer.json());
        },
        registry,
        ready);
  }

  private List<GraphEdge> graphEdges(int windowSeconds, long lastEpochSecond) {
    return edges.snapshot(windowSeconds, lastEpochSecond).stream()
        .map(CallRecords::graphEdge)
        .toList();
  }

  private static GraphEdge graphEdge(EdgeSnapshot snapshot) {
    LatencyFigures total = snapshot.total();
    return new GraphEdge(
        snapshot.edge().source(),
        snapshot.edge().destination(),
        snapshot.edge().protocol(),
        snapshot.responses().stream()
            .map(
                response ->
                    new GraphResponse(
                        response.responseCode(), response.responseFlags(), response.requests()))
            .toList(),
        new GraphEdge.Durations(
            total.sumNanos(), total.p50Nanos(), total.p95Nanos(), total.p99Nanos()));
  }
}
