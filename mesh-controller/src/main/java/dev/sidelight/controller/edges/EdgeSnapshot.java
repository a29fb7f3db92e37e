/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.edges;

import dev.sidelight.correlator.Coverage;
import dev.sidelight.correlator.LatencyComponent;
import dev.sidelight.correlator.Rollup;
import java.util.List;
import java.util.Map;

/**
 * One edge over a window. Maps hold what was measured, in the order of their enum: what was not is
 * not there. Immutable.
 *
 * @param edge which
 * @param requests calls, at least 1
 * @param errors those that failed
 * @param coverage calls by coverage; every coverage is there
 * @param total whole duration
 * @param rollups by roll-up
 * @param components by component
 * @param applicationUpstreamWait part of the application component spent in its own outbound calls;
 *     null where never measured
 * @param applicationSelf the rest of it, the app's own time; null where never measured
 * @param segments layer 4
 * @param responses by code and flags, the code ascending
 */
public record EdgeSnapshot(
    EdgeKey edge,
    long requests,
    long errors,
    Map<Coverage, Long> coverage,
    LatencyFigures total,
    Map<Rollup, LatencyFigures> rollups,
    Map<LatencyComponent, LatencyFigures> components,
    LatencyFigures applicationUpstreamWait,
    LatencyFigures applicationSelf,
    Map<Segment, SegmentFigures> segments,
    List<ResponseCount> responses) {

  /**
   * Share of a roll-up in the edge's total time, 0..1: seconds over seconds. All of them sum to 1;
   * 0 where no time passed.
   */
  public double share(Rollup rollup) {
    LatencyFigures figures = rollups.get(rollup);
    return figures == null || total.sumNanos() == 0
        ? 0
        : (double) figures.sumNanos() / total.sumNanos();
  }
}
