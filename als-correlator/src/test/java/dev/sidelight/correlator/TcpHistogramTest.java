/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.correlator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TcpHistogramTest {

  @Test
  void bucketsThatAreNotThere_areEmpty() {
    long[] counts = {1, 0, 2};
    TcpHistogram histogram = new TcpHistogram(counts, 5);
    counts[0] = 9;
    assertThat(histogram.count(0)).isEqualTo(1);
    assertThat(histogram.count(2)).isEqualTo(2);
    assertThat(histogram.count(TcpHistogram.BUCKETS - 1)).isZero();
    assertThat(histogram.totalNanos()).isEqualTo(5);
  }

  @Test
  void whatNoKernelCounts_isRefused() {
    assertThatThrownBy(() -> new TcpHistogram(new long[TcpHistogram.BUCKETS + 1], 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("27 buckets");
    assertThatThrownBy(() -> new TcpHistogram(new long[] {-1}, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("-1");
    assertThatThrownBy(() -> new TcpHistogram(new long[0], -1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("-1 ns");
  }
}
