/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.history;

import dev.sidelight.controller.edges.Segment;
import dev.sidelight.correlator.CorrelatedRequest;
import dev.sidelight.correlator.LatencyBreakdown;
import dev.sidelight.correlator.LatencyComponent;
import dev.sidelight.correlator.Rollup;
import dev.sidelight.correlator.TransportFigures;
import java.util.Arrays;

/**
 * The calls of a slice since it was packed last: a list of series and bucket of each duration, one
 * after the other, since a call then touches one or two lines of the processor's cache and not one
 * a duration. Guarded by its {@link EdgeSlices}.
 */
final class PendingCalls extends SliceCounts {

  private static final LatencyComponent[] COMPONENTS = LatencyComponent.values();
  private static final Rollup[] SUMS = SliceSeries.SUMS.toArray(Rollup[]::new);
  private static final int LEAST_ENTRIES = 64;
  private static final int MOST_ENTRIES = 1024;

  /** Object, arrays of the counts, entries' header. */
  private static final int FIXED_BYTES = 544;

  // state
  private short[] entries = new short[LEAST_ENTRIES];
  private int size;

  PendingCalls() {}

  private PendingCalls(PendingCalls other) {
    addCounts(other);
    entries = Arrays.copyOf(other.entries, other.size);
    size = other.size;
  }

  PendingCalls copy() {
    return new PendingCalls(this);
  }

  /** Whether it must be packed before another call is added. */
  boolean isFull() {
    return MOST_ENTRIES - size < SliceSeries.COUNT;
  }

  void add(CorrelatedRequest call) {
    requests++;
    errors += call.isError() ? 1 : 0;
    byCoverage[call.coverage().ordinal()]++;
    LatencyBreakdown breakdown = call.breakdown();
    add(SliceSeries.TOTAL, breakdown.totalNanos());
    add(SliceSeries.UPSTREAM_WAIT, breakdown.applicationUpstreamWaitNanos());
    add(SliceSeries.APPLICATION_SELF, breakdown.applicationSelfNanos());
    for (Rollup rollup : SUMS) {
      add(SliceSeries.of(rollup), breakdown.nanos(rollup));
    }
    for (LatencyComponent component : COMPONENTS) {
      add(SliceSeries.of(component), breakdown.nanos(component));
    }
    for (Segment segment : SEGMENTS) {
      TransportFigures figures = segment.of(call);
      if (figures != null) {
        add(segment, figures);
      }
    }
  }

  private void add(Segment segment, TransportFigures figures) {
    int first = segment.ordinal() * SEGMENT_FIGURES;
    segments[first]++;
    segments[first + 1] += figures.retransmits();
    segments[first + 2] += figures.drops();
    segments[first + 3] += figures.bytesSent();
    segments[first + 4] += figures.bytesReceived();
    // The kernel has no srtt before its first sample.
    if (figures.smoothedRttNanos() > 0) {
      add(SliceSeries.roundTripOf(segment), figures.smoothedRttNanos());
    }
  }

  private void add(int series, long nanos) {
    if (nanos == LatencyBreakdown.ABSENT) {
      return;
    }
    sumsNanos[series] += nanos;
    if (size == entries.length) {
      entries = Arrays.copyOf(entries, 2 * size);
    }
    entries[size++] = (short) (series * LatencyBuckets.COUNT + LatencyBuckets.index(nanos));
  }

  int size() {
    return size;
  }

  /** Series times {@link LatencyBuckets#COUNT} plus bucket. */
  int entry(int index) {
    return entries[index];
  }

  int heapBytes() {
    return FIXED_BYTES + Short.BYTES * entries.length;
  }
}
