/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.edges;

/**
 * Buckets of durations whose width grows with what is in them: in the lowest two octaves as wide as
 * the unit, then as many an octave again and again. What is told of a duration is off by no more
 * than half a bucket.
 *
 * @param unitShift the unit is two to that many nanoseconds
 * @param subBucketShift two to that many buckets an octave
 * @param highestNanos what is longer counts as this
 */
public record LogLinearBuckets(int unitShift, int subBucketShift, long highestNanos) {

  /** Number of the bucket; what is beyond the range goes to its border. */
  public int index(long nanos) {
    long units = Math.min(Math.max(nanos, 0), highestNanos) >> unitShift;
    if (units < 2L << subBucketShift) {
      return (int) units;
    }
    int octave = 63 - Long.numberOfLeadingZeros(units) - subBucketShift;
    return (octave << subBucketShift) + (int) (units >> octave);
  }

  /** Lowest value in the bucket, nanoseconds. */
  public long lowestNanos(int index) {
    if (index < 2 << subBucketShift) {
      return (long) index << unitShift;
    }
    int octave = (index >> subBucketShift) - 1;
    long units = (long) (index - (octave << subBucketShift)) << octave;
    return units << unitShift;
  }

  /**
   * What stands for the values in the bucket, nanoseconds: its middle, but 0 in the lowest, since
   * nearly all in there are components of no length.
   */
  public long middleNanos(int index) {
    return index == 0 ? 0 : lowestNanos(index) + (lowestNanos(index + 1) - lowestNanos(index)) / 2;
  }
}
