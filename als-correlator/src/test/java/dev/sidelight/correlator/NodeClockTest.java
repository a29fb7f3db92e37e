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
  }

  @Test
  void beyondTheSamples_theErrorGrowsAsFarAsTheClockMayBeSlewedUntilNothingIsTold() {
    clock.add(new ClockSample(1_000_000_000L, 500_000, 200));
    clock.add(new ClockSample(2_000_000_000L, 500_000, 300));

    assertThat(clock.errorNanos(2_000_500_000L)).isEqualTo(NodeClock.MIN_ERROR_NANOS);
    assertThat(clock.errorNanos(2_100_500_000L)).isEqualTo(300 + 50_000);
    assertThat(clock.errorNanos(900_500_000L)).isEqualTo(200 + 50_000);
    assertThat(clock.covers(2_100_500_000L)).isTrue();
    assertThat(clock.covers(2_500_500_000L)).isFalse();
    assertThat(clock.covers(500_000_000L)).isFalse();
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

  @Test
  void steppedBack_timesWithTwoMeaningsAreNotToldForAWhile() {
    clock.add(new ClockSample(1_000_000_000L, 11_000_000_000L, 100));
    clock.add(new ClockSample(1_100_000_000L, 1_000_000_000L, 100));

    assertThat(clock.covers(2_150_000_000L)).as("of now, or ten seconds ago").isFalse();
    for (int i = 2; i <= 110; i++) {
      clock.add(new ClockSample(1_000_000_000L + i * 100_000_000L, 1_000_000_000L, 100));
    }
    assertThat(clock.covers(12_050_000_000L)).as("still perhaps of before the step").isFalse();
    assertThat(clock.covers(12_950_000_000L)).as("later than any before the step").isTrue();
    for (int i = 111; i <= 620; i++) {
      clock.add(new ClockSample(1_000_000_000L + i * 100_000_000L, 1_000_000_000L, 100));
    }
    assertThat(clock.covers(12_050_000_000L)).as("nothing of before comes any more").isTrue();
  }

  @Test
  void steppedForward_timesOfBeforeAreNotToldAndThoseOfAfterAre() {
    clock.add(new ClockSample(1_000_000_000L, 1_000_000_000L, 100));
    clock.add(new ClockSample(1_100_000_000L, 11_000_000_000L, 100));

    assertThat(clock.covers(2_050_000_000L)).isFalse();
    assertThat(clock.covers(12_050_000_000L)).isTrue();
    assertThat(clock.toMonotonicNanos(12_050_000_000L)).isEqualTo(1_050_000_000L);
  }

  @Test
  void noSample_coversNothing() {
    assertThat(clock.covers(0)).isFalse();
  }

  @Test
  void changeOfTenMilliseconds_isASlewAndMoreIsAStep() {
    clock.add(new ClockSample(1_000_000_000L, 0, 100));
    clock.add(new ClockSample(2_000_000_000L, 10_000_000, 100));
    assertThat(clock.toMonotonicNanos(1_505_000_000L)).isEqualTo(1_500_000_000L);

    clock.add(new ClockSample(3_000_000_000L, 20_000_001, 100));
    assertThat(clock.toMonotonicNanos(1_505_000_000L)).isEqualTo(1_484_999_999L);
    assertThat(clock.covers(2_900_000_000L)).as("perhaps of before the step").isFalse();
  }

  @Test
  void sampleSentAgain_changesNothing() {
    clock.add(new ClockSample(1_000_000_000L, 500, 100));
    clock.add(new ClockSample(1_000_000_000L, 5_000_000_000L, 100));
    clock.add(new ClockSample(900_000_000L, 5_000_000_000L, 100));

    assertThat(clock.toMonotonicNanos(1_000_000_500L)).isEqualTo(1_000_000_000L);
    assertThat(clock.covers(1_000_000_500L)).isTrue();
  }

  @Test
  void atASample_itsOwnOffsetStands() {
    clock.add(new ClockSample(1_000_000_000L, 0, 100));
    clock.add(new ClockSample(2_000_000_000L, 50_000, 7_000));
    clock.add(new ClockSample(3_000_000_000L, 20_000, 100));

    assertThat(clock.toMonotonicNanos(2_000_050_000L)).isEqualTo(2_000_000_000L);
    assertThat(clock.toMonotonicNanos(3_000_020_000L)).isEqualTo(3_000_000_000L);
    assertThat(clock.errorNanos(2_500_035_000L)).isEqualTo(30_000 + 7_000);
    assertThat(clock.errorNanos(1_000_000_000L)).isEqualTo(NodeClock.MIN_ERROR_NANOS);
  }

  @Test
  void moreSamplesThanAreKept_theOldestKeptIsTheNearestOfWhatCameBefore() {
    for (int i = 1; i <= 1_030; i++) {
      clock.add(new ClockSample(i * 100_000_000L, i * 1_000L, 100));
    }

    // The first six are forgotten.
    assertThat(clock.toMonotonicNanos(500_005_000L)).isEqualTo(500_005_000L - 7_000);
    assertThat(clock.toMonotonicNanos(700_007_000L)).isEqualTo(700_000_000L);
    assertThat(clock.errorNanos(600_007_000L)).isEqualTo(100 + 50_000);
    assertThat(clock.toMonotonicNanos(103_001_030_000L)).isEqualTo(103_000_000_000L);
    assertThat(clock.toEpochNanos(1)).isEqualTo(1_030_001);
  }

  @Test
  void errorUpToTwoHundredMicroseconds_isTold() {
    clock.add(new ClockSample(1_000_000_000L, 0, 200_000));
    assertThat(clock.covers(1_000_000_000L)).isTrue();
    assertThat(clock.covers(1_000_002_000L)).isFalse();
  }

  @Test
  void steppedTwice_theLaterOfBothLimitsStands() {
    clock.add(new ClockSample(1_000_000_000L, 20_000_000_000L, 100));
    clock.add(new ClockSample(1_100_000_000L, 0, 100));
    clock.add(new ClockSample(1_200_000_000L, 19_900_000_000L, 100));

    assertThat(clock.covers(21_100_000_000L)).as("perhaps of before the first step").isFalse();
    assertThat(clock.covers(21_100_005_001L)).isTrue();
  }
}
