/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.edges;

import dev.sidelight.correlator.Rollup;

/** A duration that {@link EdgeWindow#merged} can tell of several edges together. */
public enum EdgeDuration {
  /** Queue, work and connecting of the source's sidecar. */
  SOURCE_SIDECAR(Series.SOURCE_SIDECAR),
  /** Between the two proxies. */
  NETWORK(Series.of(Rollup.NETWORK)),
  /** Queue, work and connecting of the destination's sidecar. */
  DESTINATION_SIDECAR(Series.DESTINATION_SIDECAR);

  private final int series;

  EdgeDuration(int series) {
    this.series = series;
  }

  int series() {
    return series;
  }
}
