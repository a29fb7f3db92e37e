/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.history;

import dev.sidelight.controller.edges.LatencyFigures;
import dev.sidelight.correlator.LatencyComponent;
import dev.sidelight.correlator.Rollup;
import java.net.URI;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Edges over time from the Prometheus that scrapes this controller's {@code sidelight_edge_*}.
 * Counts are what {@code increase()} makes of them, rounded; percentiles are interpolated in the
 * metrics' buckets. Any thread; waits for the answers.
 */
public final class PrometheusHistory {

  /** Longest window: no Prometheus keeps more by default, and most less. */
  public static final int MAX_WINDOW_SECONDS = 365 * 86_400;

  private static final double NANOS_PER_SECOND = 1e9;
  private static final String TOTAL = "total";
  private static final String REQUESTS = "sidelight_edge_requests_total";
  private static final String DURATION = "sidelight_edge_duration_seconds";

  // deps
  private final InstantSource clock;
  private final PrometheusClient prometheus;

  /** Asks nothing yet. */
  public PrometheusHistory(InstantSource clock, URI url) {
    this.clock = clock;
    this.prometheus = new PrometheusClient(url);
  }

  /**
   * Matching edges together, slice by slice in the order of time, without those that had no call.
   * The first slice is the first that begins within the window, which ends now.
   *
   * @throws PrometheusException where it cannot be asked, or refuses
   */
  public HistorySlices slices(PrometheusSelection selection, int windowSeconds, int stepSeconds) {
    long now = Math.floorDiv(clock.millis(), 1000L);
    long first = History.firstStart(now, windowSeconds, stepSeconds);
    Range range =
        new Range(first, Math.floorDiv(now, stepSeconds) * (long) stepSeconds, stepSeconds);
    Answers answers = ask(selection, range);
    List<HistorySlice> slices = new ArrayList<>();
    for (long start = first; start <= range.lastStart(); start += stepSeconds) {
      HistorySlice slice = answers.slice(start, start + stepSeconds);
      if (slice.requests() > 0) {
        slices.add(slice);
      }
    }
    return new HistorySlices(stepSeconds, Collections.unmodifiableList(slices));
  }

  private Answers ask(PrometheusSelection selection, Range range) {
    int step = range.stepSeconds();
    String perPart = "sum by (part) (%s)";
    String perComponent = "sum by (component) (%s)";
    String percentile = "histogram_quantile(%s, sum by (part, le) (%s))";
    String buckets = selection.increase(DURATION + "_bucket", "", step);
    var requests = ask("sum(%s)".formatted(selection.increase(REQUESTS, "", step)), "", range);
    var errors =
        ask(
            "sum(%s)".formatted(selection.increase(REQUESTS, "response_code=~\"0|5..\"", step)),
            "",
            range);
    var counts =
        ask(perPart.formatted(selection.increase(DURATION + "_count", "", step)), "part", range);
    var sums =
        ask(perPart.formatted(selection.increase(DURATION + "_sum", "", step)), "part", range);
    var p50 = ask(percentile.formatted("0.5", buckets), "part", range);
    var p95 = ask(percentile.formatted("0.95", buckets), "part", range);
    var p99 = ask(percentile.formatted("0.99", buckets), "part", range);
    var componentCounts =
        ask(
            perComponent.formatted(
                selection.increase("sidelight_edge_component_requests_total", "", step)),
            "component",
            range);
    var componentSums =
        ask(
            perComponent.formatted(
                selection.increase("sidelight_edge_component_seconds_total", "", step)),
            "component",
            range);
    return new Answers(
        answer(requests).getOrDefault("", Map.of()),
        answer(errors).getOrDefault("", Map.of()),
        new Durations(answer(counts), answer(sums), answer(p50), answer(p95), answer(p99)),
        new Durations(
            answer(componentCounts), answer(componentSums), Map.of(), Map.of(), Map.of()));
  }

  /** A slice's figure is what Prometheus says at its end. */
  private CompletableFuture<Map<String, Map<Long, Double>>> ask(
      String expression, String label, Range range) {
    return prometheus.range(
        expression,
        label,
        range.firstStart() + range.stepSeconds(),
        range.lastStart() + range.stepSeconds(),
        range.stepSeconds());
  }

  private static <T> T answer(CompletableFuture<T> asked) {
    try {
      return asked.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof PrometheusException refused) {
        throw refused;
      }
      throw new PrometheusException("Prometheus did not answer: " + e.getCause(), e);
    }
  }

  private record Range(long firstStart, long lastStart, int stepSeconds) {}

  /** By name, then by the second at a slice's end. */
  private record Durations(
      Map<String, Map<Long, Double>> counts,
      Map<String, Map<Long, Double>> sums,
      Map<String, Map<Long, Double>> p50,
      Map<String, Map<Long, Double>> p95,
      Map<String, Map<Long, Double>> p99) {

    /** Null where it was not measured. */
    LatencyFigures figures(String name, long endEpochSecond) {
      long count = Math.round(at(counts, name, endEpochSecond, 0));
      return count <= 0
          ? null
          : new LatencyFigures(
              count,
              nanos(sums, name, endEpochSecond),
              nanos(p50, name, endEpochSecond),
              nanos(p95, name, endEpochSecond),
              nanos(p99, name, endEpochSecond));
    }

    private static long nanos(
        Map<String, Map<Long, Double>> seconds, String name, long endEpochSecond) {
      double value = at(seconds, name, endEpochSecond, Double.NaN);
      return Double.isNaN(value) ? LatencyFigures.ABSENT : Math.round(value * NANOS_PER_SECOND);
    }

    private static double at(
        Map<String, Map<Long, Double>> values, String name, long endEpochSecond, double absent) {
      return values.getOrDefault(name, Map.of()).getOrDefault(endEpochSecond, absent);
    }
  }

  private record Answers(
      Map<Long, Double> requests, Map<Long, Double> errors, Durations parts, Durations components) {

    HistorySlice slice(long startEpochSecond, long endEpochSecond) {
      return new HistorySlice(
          startEpochSecond,
          Math.round(requests.getOrDefault(endEpochSecond, 0.0)),
          Math.round(errors.getOrDefault(endEpochSecond, 0.0)),
          parts.figures(TOTAL, endEpochSecond),
          SliceTotals.measured(Rollup.class, rollup -> parts.figures(rollup.key(), endEpochSecond)),
          SliceTotals.measured(
              LatencyComponent.class,
              component -> components.figures(component.key(), endEpochSecond)));
    }
  }
}
