/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.metrics;

import dev.sidelight.correlator.CorrelatedRequest;
import dev.sidelight.correlator.Coverage;
import dev.sidelight.correlator.LatencyBreakdown;
import dev.sidelight.correlator.LatencyComponent;
import dev.sidelight.correlator.PartialReason;
import dev.sidelight.correlator.TransportFigures;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * One edge's figures since it appeared, in arrays. Written by one thread; a scrape takes a {@link
 * #copy}, and each holds the lock for less than a microsecond or two.
 */
final class EdgeSeries extends Series {

  private static final double NANOS_PER_SECOND = 1e9;

  private static final LatencyComponent[] COMPONENTS = LatencyComponent.values();
  private static final String[] COMPONENT_KEYS =
      Stream.of(COMPONENTS).map(LatencyComponent::key).toArray(String[]::new);
  private static final Coverage[] COVERAGES = Coverage.values();
  private static final PartialReason[] REASONS = PartialReason.values();

  /** The whole, then the roll-ups that have a part of their own. */
  private static final String[] PARTS = {
    "total", "sidecar", "network", "application", "kernel", "caller"
  };

  private static final int TOTAL = 0;

  /** Of each component the part that it is charged to; {@link #NO_PART} of the others. */
  private static final int[] PART_OF_COMPONENT =
      Stream.of(COMPONENTS)
          .mapToInt(component -> List.of(PARTS).indexOf(component.rollup().key()))
          .toArray();

  private static final int NO_PART = -1;
  private static final String[] SEGMENTS = {"source_hop", "link", "destination_hop"};

  // state
  private final ResponseCounts responses;
  private final DurationHistogram[] durations = new DurationHistogram[PARTS.length];
  private final long[] componentNanos = new long[COMPONENTS.length];
  private final long[] componentCalls = new long[COMPONENTS.length];
  private final long[] coverage = new long[COVERAGES.length * REASONS.length];
  private final long[] segmentCalls = new long[SEGMENTS.length];
  private final long[] retransmits = new long[SEGMENTS.length];
  private final DurationHistogram[] roundTrips = new DurationHistogram[SEGMENTS.length];
  private long requestBytes;
  private long responseBytes;

  EdgeSeries(ResponseCounts responses) {
    this.responses = responses;
  }

  private EdgeSeries(EdgeSeries other) {
    responses = other.responses.copy();
    copy(other.durations, durations);
    copy(other.componentNanos, componentNanos);
    copy(other.componentCalls, componentCalls);
    copy(other.coverage, coverage);
    copy(other.segmentCalls, segmentCalls);
    copy(other.retransmits, retransmits);
    copy(other.roundTrips, roundTrips);
    requestBytes = other.requestBytes;
    responseBytes = other.responseBytes;
  }

  private static void copy(long[] from, long[] to) {
    System.arraycopy(from, 0, to, 0, to.length);
  }

  private static void copy(DurationHistogram[] from, DurationHistogram[] to) {
    for (int i = 0; i < to.length; i++) {
      to[i] = DurationHistogram.copy(from[i]);
    }
  }

  /**
   * Counts a call.
   *
   * @param scratch of {@link #parts()} numbers, whatever is in it
   */
  synchronized void add(CorrelatedRequest call, long nowEpochMillis, long[] scratch) {
    responses.add(call.responseCode(), call.responseFlags(), ResponseCounts.NO_GRPC_STATUS);
    coverage[call.coverage().ordinal() * REASONS.length + call.reason().ordinal()]++;
    requestBytes += call.requestBytes();
    responseBytes += call.responseBytes();
    addBreakdown(call.breakdown(), call.requestId(), nowEpochMillis, scratch);
    addSegment(0, call.sourceHop(), call.requestId(), nowEpochMillis);
    addSegment(1, call.link(), call.requestId(), nowEpochMillis);
    addSegment(2, call.destinationHop(), call.requestId(), nowEpochMillis);
  }

  static int parts() {
    return PARTS.length;
  }

  private void addBreakdown(
      LatencyBreakdown breakdown, String requestId, long nowEpochMillis, long[] partNanos) {
    Arrays.fill(partNanos, LatencyBreakdown.ABSENT);
    partNanos[TOTAL] = breakdown.totalNanos();
    for (int i = 0; i < COMPONENTS.length; i++) {
      long nanos = breakdown.nanos(COMPONENTS[i]);
      if (nanos != LatencyBreakdown.ABSENT) {
        componentNanos[i] += nanos;
        componentCalls[i]++;
        int part = PART_OF_COMPONENT[i];
        if (part != NO_PART) {
          partNanos[part] = Math.max(partNanos[part], 0) + nanos;
        }
      }
    }
    for (int part = 0; part < PARTS.length; part++) {
      if (partNanos[part] != LatencyBreakdown.ABSENT) {
        observe(durations, part, BucketBounds.LATENCY, partNanos[part], requestId, nowEpochMillis);
      }
    }
  }

  private void addSegment(
      int segment, TransportFigures figures, String requestId, long nowEpochMillis) {
    if (figures == null) {
      return;
    }
    segmentCalls[segment]++;
    retransmits[segment] += figures.retransmits();
    // The kernel has no srtt before its first sample.
    if (figures.smoothedRttNanos() > 0) {
      observe(
          roundTrips,
          segment,
          BucketBounds.ROUND_TRIP,
          figures.smoothedRttNanos(),
          requestId,
          nowEpochMillis);
    }
  }

  private static void observe(
      DurationHistogram[] histograms,
      int index,
      BucketBounds bounds,
      long nanos,
      String requestId,
      long nowEpochMillis) {
    if (histograms[index] == null) {
      histograms[index] = new DurationHistogram(bounds);
    }
    histograms[index].observe(nanos, requestId, nowEpochMillis);
  }

  synchronized EdgeSeries copy() {
    return new EdgeSeries(this);
  }

  /** Adds a copy to the families. */
  void collect(List<String> edge, EdgeFamilies families) {
    for (int i = 0; i < responses.size(); i++) {
      if (responses.requests(i) > 0) {
        families.requests.add(edge, responses.requests(i), responses.code(i), responses.flags(i));
      }
    }
    for (int i = 0; i < PARTS.length; i++) {
      if (durations[i] != null) {
        families.durations.add(edge, durations[i], PARTS[i]);
      }
    }
    for (int i = 0; i < COMPONENTS.length; i++) {
      if (componentCalls[i] > 0) {
        families.componentSeconds.add(
            edge, componentNanos[i] / NANOS_PER_SECOND, COMPONENT_KEYS[i]);
        families.componentRequests.add(edge, componentCalls[i], COMPONENT_KEYS[i]);
      }
    }
    for (int i = 0; i < coverage.length; i++) {
      if (coverage[i] > 0) {
        families.coverage.add(
            edge,
            coverage[i],
            COVERAGES[i / REASONS.length].key(),
            REASONS[i % REASONS.length].key());
      }
    }
    families.bytes.add(edge, requestBytes, "request");
    families.bytes.add(edge, responseBytes, "response");
    collectSegments(edge, families);
  }

  private void collectSegments(List<String> edge, EdgeFamilies families) {
    for (int i = 0; i < SEGMENTS.length; i++) {
      if (segmentCalls[i] > 0) {
        families.retransmits.add(edge, retransmits[i], SEGMENTS[i]);
      }
      if (roundTrips[i] != null) {
        families.roundTrips.add(edge, roundTrips[i], SEGMENTS[i]);
      }
    }
  }
}
