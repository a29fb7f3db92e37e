/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.history;

/**
 * Log-linear buckets, numbered: each 128 ns up to 4 us, then 16 an octave, up to an hour. What
 * stands for a bucket is within 3.2% of whatever is in it, or 128 ns.
 */
final class LatencyBuckets {

  /** Room for every number; less would do, but a power of two is multiplied with cheaply. */
  static final int COUNT = 512;

  static final long HIGHEST_NANOS = 3_600_000_000_000L;

  private static final int UNIT_SHIFT = 7;
  private static final int SUB_BUCKET_SHIFT = 4;
  private static final int SUB_BUCKETS = 1 << SUB_BUCKET_SHIFT;

  private LatencyBuckets() {}

  /** Number of the bucket; what is beyond the range goes to its border. */
  static int index(long nanos) {
    long units = Math.min(Math.max(nanos, 0), HIGHEST_NANOS) >> UNIT_SHIFT;
    if (units < 2 * SUB_BUCKETS) {
      return (int) units;
    }
    int octave = 63 - Long.numberOfLeadingZeros(units) - SUB_BUCKET_SHIFT;
    return (octave << SUB_BUCKET_SHIFT) + (int) (units >> octave);
  }

  /** Lowest value in the bucket, nanoseconds. */
  static long lowestNanos(int index) {
    if (index < 2 * SUB_BUCKETS) {
      return (long) index << UNIT_SHIFT;
    }
    int octave = (index >> SUB_BUCKET_SHIFT) - 1;
    long units = (long) (index - (octave << SUB_BUCKET_SHIFT)) << octave;
    return units << UNIT_SHIFT;
  }

  /**
   * What stands for the values in the bucket, nanoseconds: its middle, but 0 in the lowest, since
   * nearly all in there are components of no length.
   */
  static long middleNanos(int index) {
    return index == 0 ? 0 : lowestNanos(index) + (lowestNanos(index + 1) - lowestNanos(index)) / 2;
  }
}
