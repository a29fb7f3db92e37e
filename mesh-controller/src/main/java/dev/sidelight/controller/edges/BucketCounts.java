/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.edges;

/** Adds up one series; used again for the next edge, so that nothing of its size is allocated. */
final class BucketCounts {

  // state
  private final int[] countsByBucket = new int[Buckets.index(Buckets.HIGHEST_NANOS) + 1];
  private int lowest;
  private int highest;
  private int distinct;
  private long calls;
  private long sumNanos;

  BucketCounts() {
    clear();
  }

  void clear() {
    for (int bucket = lowest; bucket <= highest; bucket++) {
      countsByBucket[bucket] = 0;
    }
    lowest = countsByBucket.length;
    highest = -1;
    distinct = 0;
    calls = 0;
    sumNanos = 0;
  }

  void add(long calls, long sumNanos) {
    this.calls += calls;
    this.sumNanos += sumNanos;
  }

  void addBucket(int bucket, int count) {
    distinct += countsByBucket[bucket] == 0 ? 1 : 0;
    countsByBucket[bucket] += count;
    lowest = Math.min(lowest, bucket);
    highest = Math.max(highest, bucket);
  }

  DurationCounts toCounts() {
    long[] nanos = new long[distinct];
    int[] counts = new int[distinct];
    int next = 0;
    for (int bucket = lowest; bucket <= highest; bucket++) {
      if (countsByBucket[bucket] > 0) {
        nanos[next] = Buckets.middleNanos(bucket);
        counts[next++] = countsByBucket[bucket];
      }
    }
    return new DurationCounts(calls, sumNanos, nanos, counts);
  }
}
