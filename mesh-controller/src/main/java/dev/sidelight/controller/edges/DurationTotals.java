/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.edges;

import org.HdrHistogram.IntCountsHistogram;

/** One duration, added up over seconds. One thread. */
final class DurationTotals {

  // state
  private final IntCountsHistogram histogram =
      new IntCountsHistogram(
          Buckets.UNIT_NANOS, 2 * Buckets.UNIT_NANOS, Buckets.SIGNIFICANT_DIGITS);
  private long count;
  private long sumNanos;

  DurationTotals() {
    histogram.setAutoResize(true);
  }

  void add(long count, long sumNanos) {
    this.count += count;
    this.sumNanos += sumNanos;
  }

  void addBucket(int bucket, int count) {
    histogram.recordValueWithCount(Buckets.lowestNanos(bucket), count);
  }

  long count() {
    return count;
  }

  LatencyFigures figures() {
    return new LatencyFigures(
        count, sumNanos, percentileNanos(50), percentileNanos(95), percentileNanos(99));
  }

  /**
   * Middle of the bucket that the percentile lies in, since HdrHistogram answers its upper border;
   * 0 in the lowest, since nearly all in there are components of no length.
   */
  private long percentileNanos(double percentile) {
    if (histogram.getTotalCount() == 0) {
      return LatencyFigures.ABSENT;
    }
    long nanos = histogram.getValueAtPercentile(percentile);
    return histogram.lowestEquivalentValue(nanos) == 0 ? 0 : histogram.medianEquivalentValue(nanos);
  }
}
