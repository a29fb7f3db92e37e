/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.edges;

import dev.sidelight.correlator.Coverage;
import dev.sidelight.correlator.LatencyComponent;
import dev.sidelight.correlator.Rollup;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Adds up the seconds of one edge. One thread, one window. */
final class EdgeTotals extends SecondCounts {

  private static final Segment[] SEGMENTS = Segment.values();

  // state
  private final DurationTotals[] durations = new DurationTotals[Series.COUNT];

  @Override
  public void series(int series, long count, long sumNanos) {
    super.series(series, count, sumNanos);
    if (durations[series] == null) {
      durations[series] = new DurationTotals();
    }
    durations[series].add(count, sumNanos);
  }

  @Override
  public void bucket(int series, int bucket, int count) {
    durations[series].addBucket(bucket, count);
  }

  long requests() {
    return requests;
  }

  EdgeSnapshot toSnapshot(EdgeKey edge, List<String> responseFlags) {
    return new EdgeSnapshot(
        edge,
        requests,
        errors,
        coverage(),
        figures(Series.TOTAL),
        rollups(),
        components(),
        figures(Series.UPSTREAM_WAIT),
        figures(Series.APPLICATION_SELF),
        segments(),
        responses.toCounts(responseFlags::get));
  }

  private Map<Coverage, Long> coverage() {
    Map<Coverage, Long> map = new EnumMap<>(Coverage.class);
    for (Coverage coverage : Coverage.values()) {
      map.put(coverage, byCoverage[coverage.ordinal()]);
    }
    return Collections.unmodifiableMap(map);
  }

  private Map<Rollup, LatencyFigures> rollups() {
    Map<Rollup, LatencyFigures> map = new EnumMap<>(Rollup.class);
    for (Rollup rollup : Rollup.values()) {
      if (counts[Series.of(rollup)] > 0) {
        map.put(rollup, figures(Series.of(rollup)));
      }
    }
    return Collections.unmodifiableMap(map);
  }

  private Map<LatencyComponent, LatencyFigures> components() {
    Map<LatencyComponent, LatencyFigures> map = new EnumMap<>(LatencyComponent.class);
    for (LatencyComponent component : LatencyComponent.values()) {
      if (counts[Series.of(component)] > 0) {
        map.put(component, figures(Series.of(component)));
      }
    }
    return Collections.unmodifiableMap(map);
  }

  private Map<Segment, SegmentFigures> segments() {
    Map<Segment, SegmentFigures> map = new EnumMap<>(Segment.class);
    for (Segment segment : SEGMENTS) {
      if (segmentCalls[segment.ordinal()] > 0) {
        map.put(segment, segmentFigures(segment));
      }
    }
    return Collections.unmodifiableMap(map);
  }

  private SegmentFigures segmentFigures(Segment segment) {
    long[] sums = segmentFigures[segment.ordinal()];
    LatencyFigures roundTrip = figures(Series.roundTripOf(segment));
    return new SegmentFigures(
        segmentCalls[segment.ordinal()],
        roundTrip == null ? SegmentFigures.ABSENT : roundTrip.p50Nanos(),
        sums[0],
        sums[1],
        sums[2],
        sums[3]);
  }

  private LatencyFigures figures(int series) {
    return counts[series] == 0 ? null : durations[series].figures();
  }
}
