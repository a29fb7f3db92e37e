/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.history;

import dev.sidelight.controller.edges.LogLinearBuckets;

/**
 * Log-linear buckets, numbered: each 128 ns up to 4 us, then 16 an octave, up to an hour. What
 * stands for a bucket is within 3.2% of whatever is in it, or 128 ns.
 */
final class LatencyBuckets {

  /** Room for every number; less would do, but a power of two is multiplied with cheaply. */
  static final int COUNT = 512;

  static final long HIGHEST_NANOS = 3_600_000_000_000L;

  private static final LogLinearBuckets BUCKETS = new LogLinearBuckets(7, 4, HIGHEST_NANOS);

  private LatencyBuckets() {}

  /** Number of the bucket; see {@link LogLinearBuckets#index}. */
  static int index(long nanos) {
    return BUCKETS.index(nanos);
  }

  /** Lowest value in the bucket, nanoseconds. */
  static long lowestNanos(int index) {
    return BUCKETS.lowestNanos(index);
  }

  /** What stands for the values in the bucket; see {@link LogLinearBuckets#middleNanos}. */
  static long middleNanos(int index) {
    return BUCKETS.middleNanos(index);
  }
}
