/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller;

import dev.sidelight.controller.edges.EdgeWindow;
import dev.sidelight.controller.edges.EdgesJson;
import dev.sidelight.controller.edges.RecentCalls;
import dev.sidelight.controller.edges.Resolution;
import dev.sidelight.controller.edges.SlowCalls;
import dev.sidelight.controller.graph.GraphAnswer;
import dev.sidelight.controller.graph.GraphBadges;
import dev.sidelight.controller.graph.KialiGraph;
import dev.sidelight.controller.history.HistorySettings;
import dev.sidelight.controller.metrics.EdgeWindowMetrics;
import dev.sidelight.controller.metrics.MetricsSettings;
import dev.sidelight.controller.metrics.TrafficMetrics;
import dev.sidelight.controller.overlay.OverlayEdges;
import dev.sidelight.controller.status.CallCounts;
import dev.sidelight.controller.web.Answer;
import dev.sidelight.controller.web.ApiSources;
import dev.sidelight.controller.web.EdgeFilter;
import dev.sidelight.controller.web.Profiling;
import dev.sidelight.controller.web.RequestOrder;
import dev.sidelight.controller.web.WriteGuard;
import dev.sidelight.correlator.CorrelatedRequest;
import dev.sidelight.correlator.TcpTraffic;
import io.prometheus.client.CollectorRegistry;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Where finished calls go: every view of them. {@link #accept} is for the correlator's thread. */
final class CallRecords implements Consumer<CorrelatedRequest> {

  // deps
  private final CollectorRegistry registry;
  private final EdgeWindow edges;
  private final RecentCalls recentCalls;
  private final SlowCalls slowCalls;
  private final HistoryRecords history;
  private final TrafficMetrics metrics;
  private final GraphRecords graphRecords;
  private final KialiGraph graph;
  private final CallCounts counts;

  /** The namespaces are those that are known before anything is seen in them. */
  CallRecords(
      CollectorRegistry registry,
      InstantSource clock,
      MetricsSettings settings,
      HistorySettings historySettings,
      Supplier<Set<String>> configuredNamespaces,
      GraphBadges badges,
      CallCounts counts) {
    this.registry = registry;
    this.counts = counts;
    edges = new EdgeWindow(clock, settings.maxEdges());
    recentCalls =
        new RecentCalls(clock, RecentCalls.defaultCapacity(Runtime.getRuntime().maxMemory()));
    slowCalls = new SlowCalls(clock, SlowCalls.defaultCapacity(Runtime.getRuntime().maxMemory()));
    history = new HistoryRecords(clock, settings.maxEdges(), historySettings).register(registry);
    graphRecords = new GraphRecords(edges, clock, settings.maxEdges(), configuredNamespaces);
    graph = new KialiGraph(clock, graphRecords, badges);
    metrics = new TrafficMetrics(clock, settings, registry);
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
    history.record(call);
    recentCalls.record(call);
    slowCalls.record(call);
    metrics.record(call);
    graphRecords.record(call);
    counts.record(call);
  }

  /** What has happened on a TCP connection. Any thread. */
  void accept(TcpTraffic traffic) {
    metrics.record(traffic);
    graphRecords.record(traffic);
  }

  /** What the HTTP port answers with. */
  ApiSources apiSources(
      Profiling profiling, WriteGuard guard, Supplier<byte[]> status, BooleanSupplier ready) {
    return new ApiSources(
        this::edges,
        this::requests,
        history,
        parameters -> {
          GraphAnswer answer = graph.answer(parameters);
          return Answer.json(answer.statusCode(), answer.json());
        },
        profiling,
        guard,
        status,
        registry,
        ready);
  }

  private byte[] edges(int windowSeconds, EdgeFilter filter) {
    if (windowSeconds > EdgeWindow.MAX_WINDOW_SECONDS) {
      return EdgesJson.write(
          windowSeconds, Resolution.HISTOGRAM, history.edges(windowSeconds, filter));
    }
    return EdgesJson.write(
        windowSeconds,
        Resolution.CALLS,
        edges.snapshot(
            windowSeconds,
            edge -> filter.matches(edge.source(), edge.destination(), edge.protocol())));
  }

  private List<CorrelatedRequest> requests(
      int windowSeconds, Predicate<CorrelatedRequest> matching, RequestOrder order, int limit) {
    return switch (order) {
      case NEWEST -> recentCalls.newest(windowSeconds, matching, limit);
      case SLOWEST -> recentCalls.slowest(windowSeconds, matching, limit, slowCalls.calls());
    };
  }

  /** What the overlay before a Kiali draws. */
  OverlayEdges overlayEdges() {
    return new OverlayFigures(edges);
  }
}
