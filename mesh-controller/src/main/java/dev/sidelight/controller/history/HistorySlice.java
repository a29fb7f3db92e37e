/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.history;

import dev.sidelight.controller.edges.LatencyFigures;
import dev.sidelight.correlator.LatencyComponent;
import dev.sidelight.correlator.Rollup;
import java.util.Map;

/**
 * Calls that started in one stretch of time. Maps hold what was measured, in the order of their
 * enum. Immutable.
 *
 * @param startEpochSecond when it begins
 * @param requests calls, at least 1
 * @param errors those that failed
 * @param total whole duration; null where it is not known
 * @param rollups by roll-up
 * @param components by component
 */
public record HistorySlice(
    long startEpochSecond,
    long requests,
    long errors,
    LatencyFigures total,
    Map<Rollup, LatencyFigures> rollups,
    Map<LatencyComponent, LatencyFigures> components) {}
