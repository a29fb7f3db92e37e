/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.edges;

/**
 * HdrHistogram's buckets for three significant digits at 64 ns, numbered: a second of an edge is
 * kept as the few buckets that occur in it instead of as a histogram of 100 KB. Linear up to 131
 * us, then 1,024 buckets an octave, up to an hour.
 */
final class Buckets {

  static final int SIGNIFICANT_DIGITS = 3;
  static final long UNIT_NANOS = 64;
  static final long HIGHEST_NANOS = 3_600_000_000_000L;

  private static final LogLinearBuckets BUCKETS = new LogLinearBuckets(6, 10, HIGHEST_NANOS);

  private Buckets() {}

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
