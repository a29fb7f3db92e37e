/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.overlay;

import java.util.OptionalLong;

/** Which response time edges show. */
enum ResponseTime {
  AVERAGE("avg"),
  P50("50"),
  P95("95"),
  P99("99");

  private static final double NANOS_PER_MILLI = 1e6;

  private final String parameter;

  ResponseTime(String parameter) {
    this.parameter = parameter;
  }

  static ResponseTime of(String parameter) throws PassedException {
    for (ResponseTime value : values()) {
      if (value.parameter.equals(parameter)) {
        return value;
      }
    }
    throw new PassedException(Outcome.PARAMETERS, "responseTime " + parameter);
  }

  /** Whole milliseconds, as Kiali shows them; empty where it is not known. */
  OptionalLong millis(OverlayDuration duration) {
    long nanos =
        switch (this) {
          case AVERAGE -> duration.meanNanos();
          case P50 -> duration.p50Nanos();
          case P95 -> duration.p95Nanos();
          case P99 -> duration.p99Nanos();
        };
    return nanos < 0 ? OptionalLong.empty() : OptionalLong.of(Math.round(nanos / NANOS_PER_MILLI));
  }
}
