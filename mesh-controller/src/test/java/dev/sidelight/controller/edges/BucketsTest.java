/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.edges;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

final class BucketsTest {

  private final Histogram histogram =
      new Histogram(Buckets.UNIT_NANOS, Buckets.HIGHEST_NANOS, Buckets.SIGNIFICANT_DIGITS);

  @Test
  void buckets_areHdrHistograms() {
    Random random = new Random(1);
    for (int i = 0; i < 100_000; i++) {
      long nanos = random.nextLong(1L << (1 + random.nextInt(41))) % Buckets.HIGHEST_NANOS;
      assertThat(Buckets.lowestNanos(Buckets.index(nanos)))
          .as("%d ns", nanos)
          .isEqualTo(histogram.lowestEquivalentValue(nanos));
    }
  }

  @Test
  void index_isMonotonicAcrossOctaves() {
    int previous = -1;
    for (long nanos = 0; nanos < 2_000_000; nanos += Buckets.UNIT_NANOS) {
      int index = Buckets.index(nanos);
      assertThat(index - previous).isBetween(0, 1);
      previous = index;
    }
  }

  @Test
  void index_beyondTheRange_isItsBorder() {
    assertThat(Buckets.index(-1)).isZero();
    assertThat(Buckets.index(Long.MAX_VALUE)).isEqualTo(Buckets.index(Buckets.HIGHEST_NANOS));
  }
}
