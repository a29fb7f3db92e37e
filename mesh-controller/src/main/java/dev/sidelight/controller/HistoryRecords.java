/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller;

import dev.sidelight.controller.edges.EdgeKey;
import dev.sidelight.controller.edges.EdgeSnapshot;
import dev.sidelight.controller.history.History;
import dev.sidelight.controller.history.HistoryJson;
import dev.sidelight.controller.history.HistorySettings;
import dev.sidelight.controller.history.PrometheusException;
import dev.sidelight.controller.history.PrometheusHistory;
import dev.sidelight.controller.history.PrometheusSelection;
import dev.sidelight.controller.metrics.HistoryMetrics;
import dev.sidelight.controller.web.Answer;
import dev.sidelight.controller.web.EdgeFilter;
import dev.sidelight.controller.web.HistoryQuery;
import dev.sidelight.controller.web.HistorySource;
import dev.sidelight.controller.web.WorkloadName;
import dev.sidelight.correlator.CorrelatedRequest;
import io.prometheus.client.CollectorRegistry;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;

/** Edges over an hour from memory, and over longer from a Prometheus, in the form of the API. */
final class HistoryRecords implements HistorySource {

  /** A window is told in about so many slices where nobody says. */
  private static final int SLICES = 240;

  // deps
  private final History history;
  private final PrometheusHistory prometheus;

  HistoryRecords(InstantSource clock, int maxEdges, HistorySettings settings) {
    history = new History(clock, maxEdges, maxBytes(settings));
    prometheus =
        settings.prometheusUrl() == null
            ? null
            : new PrometheusHistory(clock, settings.prometheusUrl());
  }

  /** In a small controller a quarter of the heap, so that the bound never ends it. */
  private static long maxBytes(HistorySettings settings) {
    return Math.min(settings.maxBytes(), Runtime.getRuntime().maxMemory() / 4);
  }

  HistoryRecords register(CollectorRegistry registry) {
    new HistoryMetrics(
            history::edges,
            history::heapBytes,
            history::fineSeconds,
            history::evictedSeconds,
            history::evictedSlices,
            history::mergedCalls,
            history::outOfRangeCalls)
        .register(registry);
    return this;
  }

  /** For the correlator's thread. */
  void record(CorrelatedRequest call) {
    history.record(call);
  }

  @Override
  public int maxWindowSeconds() {
    return prometheus == null ? History.MAX_WINDOW_SECONDS : PrometheusHistory.MAX_WINDOW_SECONDS;
  }

  @Override
  public Answer history(HistoryQuery query) {
    int windowSeconds = query.windowSeconds();
    int unit = History.stepOf(windowSeconds);
    if (windowSeconds <= History.MAX_WINDOW_SECONDS) {
      int step = query.stepSeconds() == 0 ? unit : query.stepSeconds();
      return Answer.json(
          200,
          HistoryJson.write(
              windowSeconds,
              "memory",
              history.slices(windowSeconds, step, matching(query.filter()))));
    }
    int step = query.stepSeconds() == 0 ? step(windowSeconds, unit) : query.stepSeconds();
    try {
      return Answer.json(
          200,
          HistoryJson.write(
              windowSeconds,
              "prometheus",
              prometheus.slices(selection(query.filter()), windowSeconds, step)));
    } catch (PrometheusException e) {
      return Answer.error(502, e.getMessage());
    }
  }

  private static int step(int windowSeconds, int unit) {
    return Math.max(1, Math.round((float) windowSeconds / SLICES / unit)) * unit;
  }

  private static Predicate<EdgeKey> matching(EdgeFilter filter) {
    return edge -> filter.matches(edge.source(), edge.destination(), edge.protocol());
  }

  private static PrometheusSelection selection(EdgeFilter filter) {
    return new PrometheusSelection(
        filter.namespace(),
        filter.source().map(WorkloadName::namespace),
        filter.source().map(WorkloadName::workload),
        filter.destination().map(WorkloadName::namespace),
        filter.destination().map(WorkloadName::workload),
        filter.protocol());
  }

  /** As the window of edges tells them, and in its order. */
  List<EdgeSnapshot> edges(int windowSeconds, EdgeFilter filter) {
    return history.edges(windowSeconds, matching(filter)).stream()
        .sorted(Comparator.comparing(EdgeSnapshot::edge))
        .toList();
  }
}
