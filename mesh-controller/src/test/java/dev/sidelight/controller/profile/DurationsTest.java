/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.profile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sidelight.correlator.TcpHistogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class DurationsTest {

  @Test
  void single_isExact() {
    Durations one = Durations.ofOne(3_333);
    assertThat(one.count()).isEqualTo(1);
    assertThat(one.meanNanos()).isEqualTo(3_333);
    assertThat(one.percentileNanos(0.5)).isEqualTo(3_333);
    assertThat(one.percentileNanos(0.95)).isEqualTo(3_333);
  }

  @Test
  void percentiles_lieEvenlyInTheirBucket() {
    // 10 up to 1024 ns, 10 up to 2048.
    Durations durations = Durations.of(1024, new long[] {10, 10}, 20_000);
    assertThat(durations.meanNanos()).isEqualTo(1_000);
    assertThat(durations.percentileNanos(0.25)).isEqualTo(512);
    assertThat(durations.percentileNanos(0.5)).isEqualTo(1024);
    assertThat(durations.percentileNanos(0.75)).isEqualTo(1536);
    assertThat(durations.percentileNanos(0.95)).isEqualTo(1946);
  }

  @Test
  void lastBucket_isItsLowerBound() {
    long[] counts = new long[TcpHistogram.BUCKETS];
    counts[TcpHistogram.BUCKETS - 1] = 2;
    assertThat(Durations.of(1024, counts, 1L << 40).percentileNanos(0.5)).isEqualTo(1024L << 24);
  }

  @Test
  void nothing_isNone() {
    assertThat(Durations.of(1024, new long[26], 0)).isNull();
  }

  @ParameterizedTest
  @CsvSource({"1, 1024", "1024, 1024", "1025, 2048", "1048576, 1048576", "1048577, 2097152"})
  void one_isInTheKernelsBucket(long nanos, long upperNanos) {
    Durations two = Durations.ofOne(nanos).plus(Durations.ofOne(nanos));
    assertThat(two.percentileNanos(1)).isEqualTo(upperNanos);
  }

  @Test
  void sum_isOfBothAndChangesNeither() {
    Durations low = Durations.of(1000, new long[] {0, 3}, 4_000);
    Durations high = Durations.of(1000, new long[] {0, 0, 0, 0, 1}, 16_000);
    Durations sum = high.plus(low);
    assertThat(sum.count()).isEqualTo(4);
    assertThat(sum.meanNanos()).isEqualTo(5_000);
    assertThat(sum.percentileNanos(0.75)).isEqualTo(2_000);
    assertThat(sum.percentileNanos(1)).isEqualTo(16_000);
    assertThat(low.count()).isEqualTo(3);
    assertThat(high.plus(sum).count()).isEqualTo(5);
    assertThat(high.count()).isEqualTo(1);
    assertThat(high.bytes()).isLessThan(sum.bytes());
  }
}
