/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.graph;

import java.util.OptionalLong;

/** Which response time the edges show. */
enum ResponseTime {
  /** Mean. */
  AVERAGE("avg", 0),
  /** Median. */
  P50("50", 50),
  /** 95th percentile. */
  P95("95", 95),
  /** 99th percentile. */
  P99("99", 99);

  private static final double NANOS_PER_MILLI = 1e6;

  private final String parameter;
  private final int percent;

  ResponseTime(String parameter, int percent) {
    this.parameter = parameter;
    this.percent = percent;
  }

  static ResponseTime of(String parameter) {
    for (ResponseTime value : values()) {
      if (value.parameter.equals(parameter)) {
        return value;
      }
    }
    throw BadQueryException.badRequest(
        "Invalid responseTime, must be one of: avg | 50 | 95 | 99: [" + parameter + "]");
  }

  /** Whole milliseconds; empty where nothing was measured. */
  OptionalLong millis(GraphDurations durations) {
    if (durations.calls() == 0) {
      return OptionalLong.empty();
    }
    long nanos = this == AVERAGE ? durations.meanNanos() : durations.percentileNanos(percent);
    return nanos < 0 ? OptionalLong.empty() : OptionalLong.of(Math.round(nanos / NANOS_PER_MILLI));
  }
}
