/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.transport;

/** A histogram in the kernel's buckets, which take memory from the first on. Not thread-safe. */
final class Durations {
  private static final long[] NONE = new long[ConnectionRecord.BUCKETS];

  private long[] buckets = NONE;
  private long count;
  private long total;

  /** Adds what a bucket grew by. */
  void add(int bucket, long grown) {
    if (grown == 0) {
      return;
    }
    if (buckets == NONE) {
      buckets = new long[ConnectionRecord.BUCKETS];
    }
    buckets[bucket] += grown;
    count += grown;
  }

  /** Adds to the sum, in the histogram's unit. */
  void addTotal(long grown) {
    total += grown;
  }

  /** Adds one duration that the kernel did not put into a bucket. */
  void observe(long nanos) {
    long units = Math.max(1, (nanos + 1023) >> 10);
    int bits = Long.SIZE - Long.numberOfLeadingZeros(units - 1);
    add(Math.min(bits, ConnectionRecord.BUCKETS - 1), 1);
    addTotal(nanos);
  }

  /** As it is now. */
  Durations copy() {
    Durations copy = new Durations();
    copy.buckets = buckets == NONE ? NONE : buckets.clone();
    copy.count = count;
    copy.total = total;
    return copy;
  }

  long count() {
    return count;
  }

  long total() {
    return total;
  }

  long bucket(int bucket) {
    return buckets[bucket];
  }
}
