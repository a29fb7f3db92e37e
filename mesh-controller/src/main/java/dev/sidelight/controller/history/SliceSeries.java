/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.history;

import dev.sidelight.controller.edges.Segment;
import dev.sidelight.correlator.LatencyComponent;
import dev.sidelight.correlator.Rollup;
import java.util.List;
import java.util.stream.Stream;

/**
 * Numbers of the durations that a slice keeps: the total, the application's upstream wait and the
 * rest of its time, each roll-up, each component, the srtt of each segment. A roll-up of one
 * component alone is not kept twice.
 */
final class SliceSeries {

  static final int TOTAL = 0;
  static final int UPSTREAM_WAIT = 1;
  static final int APPLICATION_SELF = 2;
  private static final int FIRST_ROLLUP = 3;
  private static final int FIRST_COMPONENT = FIRST_ROLLUP + Rollup.values().length;
  private static final int FIRST_ROUND_TRIP = FIRST_COMPONENT + LatencyComponent.values().length;
  static final int COUNT = FIRST_ROUND_TRIP + Segment.values().length;

  /** Those whose durations are no component's. */
  static final List<Rollup> SUMS =
      Stream.of(Rollup.values()).filter(rollup -> componentsOf(rollup).size() > 1).toList();

  private static final int[] BY_ROLLUP =
      Stream.of(Rollup.values()).mapToInt(SliceSeries::numberOf).toArray();

  private SliceSeries() {}

  private static int numberOf(Rollup rollup) {
    return SUMS.contains(rollup)
        ? FIRST_ROLLUP + rollup.ordinal()
        : of(componentsOf(rollup).get(0));
  }

  private static List<LatencyComponent> componentsOf(Rollup rollup) {
    return Stream.of(LatencyComponent.values())
        .filter(component -> component.rollup() == rollup)
        .toList();
  }

  static int of(Rollup rollup) {
    return BY_ROLLUP[rollup.ordinal()];
  }

  static int of(LatencyComponent component) {
    return FIRST_COMPONENT + component.ordinal();
  }

  static int roundTripOf(Segment segment) {
    return FIRST_ROUND_TRIP + segment.ordinal();
  }
}
