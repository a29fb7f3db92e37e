/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.history;

import dev.sidelight.controller.edges.EdgeKey;
import dev.sidelight.correlator.Coverage;
import dev.sidelight.correlator.LatencyComponent;
import dev.sidelight.correlator.Rollup;
import java.util.Map;

/**
 * One edge over a window. Maps hold what was measured, in the order of their enum. Immutable.
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
 * @param applicationSelf the rest of it; null where never measured
 * @param segments layer 4
 */
public record EdgeHistory(
    EdgeKey edge,
    long requests,
    long errors,
    Map<Coverage, Long> coverage,
    HistoryFigures total,
    Map<Rollup, HistoryFigures> rollups,
    Map<LatencyComponent, HistoryFigures> components,
    HistoryFigures applicationUpstreamWait,
    HistoryFigures applicationSelf,
    Map<HistorySegment, HistorySegmentFigures> segments) {}
