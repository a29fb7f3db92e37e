/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.graph;

/** Which response time the edges show. */
enum ResponseTime {
  /** Mean. */
  AVERAGE("avg"),
  /** Median. */
  P50("50"),
  /** 95th percentile. */
  P95("95"),
  /** 99th percentile. */
  P99("99");

  private final String parameter;

  ResponseTime(String parameter) {
    this.parameter = parameter;
  }

  static ResponseTime of(String parameter) {
    for (ResponseTime value : values()) {
      if (value.parameter.equals(parameter)) {
        return value;
      }
    }
    throw new BadQueryException(
        "responseTime must be avg, 50, 95 or 99, but was '" + parameter + "'");
  }
}
