/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.history;

import dev.sidelight.controller.edges.Segment;
import dev.sidelight.correlator.Coverage;

/** Counts and sums of a slice; how durations are kept is the subclass's. One thread at a time. */
abstract class SliceCounts {

  static final Segment[] SEGMENTS = Segment.values();

  /** Calls, retransmits, drops, bytes sent, bytes received. */
  static final int SEGMENT_FIGURES = 5;

  // state
  long requests;
  long errors;
  final long[] byCoverage = new long[Coverage.values().length];
  final long[] sumsNanos = new long[SliceSeries.COUNT];
  final long[] segments = new long[SEGMENTS.length * SEGMENT_FIGURES];

  void addCounts(SliceCounts other) {
    requests += other.requests;
    errors += other.errors;
    addTo(byCoverage, other.byCoverage);
    addTo(sumsNanos, other.sumsNanos);
    addTo(segments, other.segments);
  }

  private static void addTo(long[] sums, long[] values) {
    for (int i = 0; i < sums.length; i++) {
      sums[i] += values[i];
    }
  }
}
