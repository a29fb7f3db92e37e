/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.profile;

import dev.sidelight.correlator.TcpHistogram;
import java.util.Arrays;

/**
 * Durations in the kernel's buckets, of which those from the first to the last that holds any take
 * memory. Immutable.
 */
final class Durations {

  /** Upper bound of the first bucket of all but round trips, in nanoseconds. */
  static final int CALL_NANOS = 1024;

  /** Of round trips. */
  static final int ROUND_TRIP_NANOS = 1000;

  private static final int BYTES = 56;

  private final int leastNanos;
  private final int first;
  private final long[] counts;
  private final long observations;
  private final long totalNanos;

  private Durations(int leastNanos, int first, long[] counts, long totalNanos) {
    this.leastNanos = leastNanos;
    this.first = first;
    this.counts = counts;
    this.observations = Arrays.stream(counts).sum();
    this.totalNanos = totalNanos;
  }

  /**
   * As a kernel has counted them, bucket {@code i} up to {@code leastNanos << i}; null for none.
   */
  static Durations of(int leastNanos, long[] countByBucket, long totalNanos) {
    int from = 0;
    int to = countByBucket.length;
    while (from < to && countByBucket[from] == 0) {
      from++;
    }
    while (to > from && countByBucket[to - 1] == 0) {
      to--;
    }
    return from == to
        ? null
        : new Durations(leastNanos, from, Arrays.copyOfRange(countByBucket, from, to), totalNanos);
  }

  /** One that no kernel has put into a bucket; not a round trip. */
  static Durations ofOne(long nanos) {
    int bucket = 0;
    while (bucket < TcpHistogram.BUCKETS - 1 && nanos > (long) CALL_NANOS << bucket) {
      bucket++;
    }
    return new Durations(CALL_NANOS, bucket, new long[] {1}, nanos);
  }

  /** These and another one's of the same kind. */
  Durations plus(Durations other) {
    int newFirst = Math.min(first, other.first);
    int newEnd = Math.max(first + counts.length, other.first + other.counts.length);
    long[] sum = new long[newEnd - newFirst];
    System.arraycopy(counts, 0, sum, first - newFirst, counts.length);
    for (int i = 0; i < other.counts.length; i++) {
      sum[other.first - newFirst + i] += other.counts[i];
    }
    return new Durations(leastNanos, newFirst, sum, totalNanos + other.totalNanos);
  }

  long count() {
    return observations;
  }

  /** Exact. */
  long meanNanos() {
    return totalNanos / observations;
  }

  /**
   * The duration that a share of all does not exceed, taken to lie evenly in its bucket; of a
   * single one it is exact. In the last bucket it is that one's lower bound.
   */
  long percentileNanos(double share) {
    if (observations == 1) {
      return totalNanos;
    }
    double rank = share * observations;
    long below = 0;
    int i = 0;
    while (below + counts[i] < rank && i < counts.length - 1) {
      below += counts[i];
      i++;
    }
    return within(first + i, (rank - below) / counts[i]);
  }

  private long within(int bucket, double share) {
    long lower = bucket == 0 ? 0 : (long) leastNanos << (bucket - 1);
    if (bucket == TcpHistogram.BUCKETS - 1) {
      return lower;
    }
    long upper = (long) leastNanos << bucket;
    return lower + Math.round(share * (upper - lower));
  }

  /** Heap, estimated. */
  int bytes() {
    return BYTES + Long.BYTES * counts.length;
  }
}
