/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

final class LatencyBucketsTest {

  private static final double RELATIVE_ERROR = 0.032;
  private static final long ABSOLUTE_ERROR_NANOS = 128;

  @Test
  void middle_isWithinTheStatedErrorOfEveryValue() {
    Random random = new Random(1);
    for (int i = 0; i < 200_000; i++) {
      long nanos = (long) Math.exp(random.nextDouble() * Math.log(LatencyBuckets.HIGHEST_NANOS));
      assertWithinError(nanos);
    }
  }

  @Test
  void middle_isWithinTheStatedErrorAtBorders() {
    int last = LatencyBuckets.index(LatencyBuckets.HIGHEST_NANOS);
    for (int index = 0; index < last; index++) {
      assertWithinError(LatencyBuckets.lowestNanos(index));
      assertWithinError(LatencyBuckets.lowestNanos(index + 1) - 1);
    }
  }

  @Test
  void index_ofEveryBucketsBorders() {
    int last = LatencyBuckets.index(LatencyBuckets.HIGHEST_NANOS);
    assertThat(last).isLessThan(LatencyBuckets.COUNT);
    for (int index = 0; index <= last; index++) {
      assertThat(LatencyBuckets.index(LatencyBuckets.lowestNanos(index))).isEqualTo(index);
      if (index > 0) {
        assertThat(LatencyBuckets.index(LatencyBuckets.lowestNanos(index) - 1))
            .isEqualTo(index - 1);
      }
    }
  }

  @Test
  void index_beyondTheRangeIsItsBorder() {
    assertThat(LatencyBuckets.index(-5)).isZero();
    assertThat(LatencyBuckets.index(Long.MAX_VALUE))
        .isEqualTo(LatencyBuckets.index(LatencyBuckets.HIGHEST_NANOS));
    assertThat(LatencyBuckets.middleNanos(0)).isZero();
  }

  private static void assertWithinError(long nanos) {
    long middle = LatencyBuckets.middleNanos(LatencyBuckets.index(nanos));
    assertThat((double) Math.abs(middle - nanos))
        .as("%d ns, told as %d ns", nanos, middle)
        .isLessThanOrEqualTo(Math.max(RELATIVE_ERROR * nanos, ABSOLUTE_ERROR_NANOS));
  }
}
