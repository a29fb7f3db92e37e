/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.edges;

/** A duration that {@link EdgeWindow#merged} can tell of several edges together. */
public enum EdgeDuration {
  /** The whole call. */
  TOTAL(Series.TOTAL),
  /** From the source proxy's request upstream to the response's arrival there. */
  SOURCE_UPSTREAM(Series.SOURCE_UPSTREAM),
  /** The same at the destination's proxy. */
  DESTINATION_UPSTREAM(Series.DESTINATION_UPSTREAM);

  private final int series;

  EdgeDuration(int series) {
    this.series = series;
  }

  int series() {
    return series;
  }
}
