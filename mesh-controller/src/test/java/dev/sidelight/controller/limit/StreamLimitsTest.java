/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class StreamLimitsTest {

  private long nowNanos = 1;
  private final StreamLimits limits = new StreamLimits(2, 100, () -> nowNanos);

  @Test
  void streams_areTakenUpToTheBound() {
    assertThat(limits.open()).isTrue();
    assertThat(limits.open()).isTrue();
    assertThat(limits.open()).isFalse();
    assertThat(limits.open()).as("what was refused does not count").isFalse();
    limits.close();
    assertThat(limits.open()).isTrue();
  }

  @Test
  void records_areTakenForTenSecondsAtOnce_andThenAsTheyAreEarned() {
    RecordRate rate = limits.rate();
    assertThat(rate.take(1_001)).isFalse();
    assertThat(rate.take(1_000)).isTrue();
    assertThat(rate.take(1)).isFalse();
    nowNanos += TimeUnit.MILLISECONDS.toNanos(500);
    assertThat(rate.take(51)).isFalse();
    assertThat(rate.take(50)).isTrue();
    nowNanos += TimeUnit.HOURS.toNanos(1);
    assertThat(rate.take(1_000)).isTrue();
    assertThat(rate.take(1)).as("no more than ten seconds are kept").isFalse();
  }

  @Test
  void streams_haveARateEach() {
    assertThat(limits.rate().take(1_000)).isTrue();
    assertThat(limits.rate().take(1_000)).isTrue();
  }
}
