/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.web;

/** {@code GET /api/v1/history}: edges over time. Any thread. */
final class HistoryRoute {

  private static final int DEFAULT_WINDOW_SECONDS = 900;

  /** Held second by second, or nearly: beyond, a slice is a minute at least. */
  private static final int FINE_WINDOW_SECONDS = 900;

  /** More is asked of a Prometheus. */
  private static final int MEMORY_WINDOW_SECONDS = 3600;

  private static final int FINE_STEP_SECONDS = 5;
  private static final int STEP_SECONDS = 60;

  /** More than anybody draws. */
  private static final int MAX_SLICES = 1_000;

  // deps
  private final HistorySource history;

  HistoryRoute(HistorySource history) {
    this.history = history;
  }

  Answer answer(Parameters parameters) {
    int max = history.maxWindowSeconds();
    int windowSeconds =
        parameters.windowSeconds(
            DEFAULT_WINDOW_SECONDS,
            max,
            max > MEMORY_WINDOW_SECONDS ? "" : ", and longer where history.prometheusUrl is set");
    int unit = windowSeconds <= FINE_WINDOW_SECONDS ? FINE_STEP_SECONDS : STEP_SECONDS;
    return history.history(
        new HistoryQuery(
            parameters.edges(),
            windowSeconds,
            parameters.stepSeconds(unit, windowSeconds, MAX_SLICES)));
  }
}
