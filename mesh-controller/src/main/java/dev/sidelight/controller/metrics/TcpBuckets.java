/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.metrics;

import dev.sidelight.correlator.TcpHistogram;

/** A sum of histograms; its buckets take memory from the first observation on. Not thread-safe. */
final class TcpBuckets {
  private static final long[] NONE = new long[TcpHistogram.BUCKETS];

  private long[] counts = NONE;
  private long totalNanos;

  void add(TcpHistogram growth) {
    for (int i = 0; i < TcpHistogram.BUCKETS; i++) {
      if (growth.count(i) > 0) {
        counts = counts == NONE ? new long[TcpHistogram.BUCKETS] : counts;
        counts[i] += growth.count(i);
      }
    }
    totalNanos += growth.totalNanos();
  }

  TcpBuckets copy() {
    TcpBuckets copy = new TcpBuckets();
    copy.counts = counts == NONE ? NONE : counts.clone();
    copy.totalNanos = totalNanos;
    return copy;
  }

  /** Observations in a bucket and in those below it. */
  long atMost(int bucket) {
    long sum = 0;
    for (int i = 0; i <= bucket; i++) {
      sum += counts[i];
    }
    return sum;
  }

  long count() {
    return atMost(TcpHistogram.BUCKETS - 1);
  }

  long totalNanos() {
    return totalNanos;
  }
}
