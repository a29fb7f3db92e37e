/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.correlator;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NodeClockTest {

  private final NodeClock clock = new NodeClock();

  @Test
  void betweenTwoSamples_offsetIsInterpolatedAndErrorIsTheirDifference() {
    clock.add(new ClockSample(1_000_000_000L, 500_000, 200));
    clock.add(new ClockSample(2_000_000_000L, 520_000, 300));

    assertThat(clock.toMonotonicNanos(1_500_510_000L)).isEqualTo(1_500_000_000L);
    assertThat(clock.errorNanos(1_500_510_000L)).isEqualTo(20_300);
  }

  @Test
  void outsideTheSamples_theNearestStands() {
    clock.add(new ClockSample(1_000_000_000L, 500_000, 200));
    clock.add(new ClockSample(2_000_000_000L, 520_000, 300));

    assertThat(clock.toMonotonicNanos(500_500_000L)).isEqualTo(500_000_000L);
    assertThat(clock.toMonotonicNanos(3_000_520_000L)).isEqualTo(3_000_000_000L);
    assertThat(clock.errorNanos(500_500_000L)).isEqualTo(NodeClock.MIN_ERROR_NANOS);
  }

  @Test
  void manySamples_theOldestAreForgottenAndTheNewestStillServe() {
    for (int i = 1; i <= 1_000; i++) {
      clock.add(new ClockSample(i * 100_000_000L, i, 100));
    }

    assertThat(clock.toMonotonicNanos(100_000_000_000L + 1_000)).isEqualTo(100_000_000_000L);
    assertThat(clock.toMonotonicNanos(90_000_000_000L + 900)).isEqualTo(90_000_000_000L);
  }

  @Test
  void steppedBack_theNewMappingStandsAtOnce() {
    clock.add(new ClockSample(1_000_000_000L, 1_000_000_000L, 100));
    clock.add(new ClockSample(1_100_000_000L, 0, 100));

    assertThat(clock.toMonotonicNanos(1_200_000_000L)).isEqualTo(1_200_000_000L);
  }
}
