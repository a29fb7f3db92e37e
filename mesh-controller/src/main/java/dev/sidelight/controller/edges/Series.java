/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.edges;

import dev.sidelight.correlator.LatencyComponent;
import dev.sidelight.correlator.Rollup;

/**
 * Numbers the durations that an edge keeps: the total, each roll-up, each component, the
 * application's upstream wait and the rest of its time, what lay beyond each proxy, the srtt of
 * each segment.
 */
final class Series {

  static final int TOTAL = 0;
  static final int UPSTREAM_WAIT = 1;
  static final int APPLICATION_SELF = 2;
  static final int SOURCE_UPSTREAM = 3;
  static final int DESTINATION_UPSTREAM = 4;
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
