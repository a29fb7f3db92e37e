/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller;

import dev.sidelight.controller.edges.EdgeWindow;
import dev.sidelight.controller.edges.EdgesJson;
import dev.sidelight.controller.edges.RecentCalls;
import dev.sidelight.controller.metrics.EdgeMetrics;
import dev.sidelight.controller.metrics.EdgeWindowMetrics;
import dev.sidelight.controller.web.Answer;
import dev.sidelight.controller.web.ApiSources;
import dev.sidelight.correlator.CorrelatedRequest;
import io.prometheus.client.CollectorRegistry;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** Where finished calls go: every view of them. {@link #accept} is for the correlator's thread. */
final class CallRecords implements Consumer<CorrelatedRequest> {

  private static final byte[] NO_GRAPH =
      "{\"error\":\"no graph in this version\"}".getBytes(StandardCharsets.UTF_8);

  // deps
  private final CollectorRegistry registry;
  private final EdgeWindow edges;
  private final RecentCalls recentCalls;
  private final EdgeMetrics edgeMetrics;

  CallRecords(CollectorRegistry registry, InstantSource clock, int maxEdges) {
    this.registry = registry;
    edges = new EdgeWindow(clock, maxEdges);
    recentCalls =
        new RecentCalls(clock, RecentCalls.defaultCapacity(Runtime.getRuntime().maxMemory()));
    edgeMetrics = new EdgeMetrics(maxEdges).register(registry);
    new EdgeWindowMetrics(
            edges::edges, edges::packedBytes, edges::mergedCalls, edges::outOfRangeCalls)
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
        parameters -> Answer.json(501, NO_GRAPH),
        registry,
        ready);
  }
}
