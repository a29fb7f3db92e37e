/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.correlator;

import java.util.Arrays;

/**
 * Durations in the buckets of the kernel's counts: bucket {@code i} holds what is at most {@code
 * least << i} nanoseconds and no less than the bucket before, the last one all the rest; {@code
 * least} is 1024, of round trips 1000. Immutable.
 */
public final class TcpHistogram {

  /** How many there are. */
  public static final int BUCKETS = 26;

  /** Without an observation. */
  public static final TcpHistogram EMPTY = new TcpHistogram(new long[BUCKETS], 0);

  private final long[] counts;
  private final long totalNanos;

  /**
   * A histogram of these; the array is copied.
   *
   * @param counts observations by bucket, {@link #BUCKETS} at the most, those that are not there 0
   * @param totalNanos sum of the observations
   * @throws IllegalArgumentException where there are more buckets, or something is negative
   */
  public TcpHistogram(long[] counts, long totalNanos) {
    if (counts.length > BUCKETS || totalNanos < 0) {
      throw new IllegalArgumentException(counts.length + " buckets, " + totalNanos + " ns");
    }
    for (long count : counts) {
      if (count < 0) {
        throw new IllegalArgumentException("a bucket of " + count);
      }
    }
    this.counts = Arrays.copyOf(counts, BUCKETS);
    this.totalNanos = totalNanos;
  }

  /** Observations in a bucket, not in those below it. */
  public long count(int bucket) {
    return counts[bucket];
  }

  /** Sum of the observations. */
  public long totalNanos() {
    return totalNanos;
  }
}
