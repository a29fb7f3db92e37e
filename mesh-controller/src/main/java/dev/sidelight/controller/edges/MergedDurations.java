/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.edges;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Adds up durations of several edges by group: {@link #of} names the edge whose seconds come next.
 * One thread, one window.
 *
 * @param <G> what edges are grouped by
 */
final class MergedDurations<G> implements SecondSink {

  /** Nothing beyond is asked for. */
  static final int LAST_SERIES =
      Arrays.stream(EdgeDuration.values()).mapToInt(EdgeDuration::series).max().getAsInt();

  // state
  private final Map<G, DurationTotals> totals = new HashMap<>();
  private final DurationTotals[] bySeries = new DurationTotals[Series.COUNT];

  /** Groups of the next edge's durations, null for what is left out. */
  void of(Map<EdgeDuration, G> groups) {
    for (EdgeDuration duration : EdgeDuration.values()) {
      G group = groups.get(duration);
      bySeries[duration.series()] =
          group == null ? null : totals.computeIfAbsent(group, key -> new DurationTotals());
    }
  }

  @Override
  public void calls(long requests, long errors, long[] byCoverage) {
    // Durations only.
  }

  @Override
  public void carried(long requestBytes, long responseBytes, long mutualTlsRequests) {
    // Durations only.
  }

  @Override
  public void response(int responseCode, int grpcStatus, int responseFlagsId, long requests) {
    // Durations only.
  }

  @Override
  public void segment(int segment, long calls, long[] figures) {
    // Durations only.
  }

  @Override
  public void series(int series, long count, long sumNanos) {
    if (bySeries[series] != null) {
      bySeries[series].add(count, sumNanos);
    }
  }

  @Override
  public void bucket(int series, int bucket, int count) {
    if (bySeries[series] != null) {
      bySeries[series].addBucket(bucket, count);
    }
  }

  Map<G, LatencyFigures> figures() {
    Map<G, LatencyFigures> figures = new HashMap<>();
    totals.forEach(
        (group, total) -> {
          if (total.count() > 0) {
            figures.put(group, total.figures());
          }
        });
    return figures;
  }
}
