/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.edges;

import dev.sidelight.correlator.LatencyComponent;
import dev.sidelight.correlator.Rollup;

/**
 * Numbers the durations that an edge keeps: the total, the two sidecars, the application's upstream
 * wait and the rest of its time, each roll-up, each component, the srtt of each segment. A second
 * is packed in this order, and what is read most comes first: its reader can stop there.
 */
final class Series {

  static final int TOTAL = 0;

  /** Queue, work and connecting of the source's sidecar. */
  static final int SOURCE_SIDECAR = 1;

  /** The same of the destination's. */
  static final int DESTINATION_SIDECAR = 2;

  static final int UPSTREAM_WAIT = 3;
  static final int APPLICATION_SELF = 4;
  private static final int FIRST_ROLLUP = 5;
  private static final int FIRST_COMPONENT = FIRST_ROLLUP + Rollup.values().length;
  private static final int FIRST_RTT = FIRST_COMPONENT + LatencyComponent.values().length;
  static final int COUNT = FIRST_RTT + Segment.values().length;

  private Series() {}

  static int of(Rollup rollup) {
    return FIRST_ROLLUP + rollup.ordinal();
  }

  static int of(LatencyComponent component) {
    return FIRST_COMPONENT + component.ordinal();
  }

  static int roundTripOf(Segment segment) {
    return FIRST_RTT + segment.ordinal();
  }
}
