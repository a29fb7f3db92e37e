/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.metrics;

import io.prometheus.client.Collector;

/**
 * A duration's buckets, 50 us to 60 s: a sidecar adds tens of microseconds, a stuck call a minute.
 * Guarded by its {@link EdgeCounters}.
 */
final class DurationBuckets {

  private static final long[] BOUNDS_MICROS = {
    50,
    100,
    250,
    500,
    1_000,
    2_500,
    5_000,
    10_000,
    25_000,
    50_000,
    100_000,
    250_000,
    500_000,
    1_000_000,
    2_500_000,
    5_000_000,
    10_000_000,
    30_000_000,
    60_000_000
  };
  private static final String[] BOUNDS = labels();

  // state
  private final long[] counts = new long[BOUNDS.length];
  private long sumNanos;

  void observe(long nanos) {
    int bucket = 0;
    while (bucket < BOUNDS_MICROS.length && nanos > BOUNDS_MICROS[bucket] * 1000) {
      bucket++;
    }
    counts[bucket]++;
    sumNanos += nanos;
  }

  /** Value of {@code le}; the last is {@code +Inf}. */
  static String bound(int bucket) {
    return BOUNDS[bucket];
  }

  long[] cumulativeCounts() {
    long[] cumulative = counts.clone();
    for (int bucket = 1; bucket < cumulative.length; bucket++) {
      cumulative[bucket] += cumulative[bucket - 1];
    }
    return cumulative;
  }

  long sumNanos() {
    return sumNanos;
  }

  private static String[] labels() {
    String[] labels = new String[BOUNDS_MICROS.length + 1];
    for (int bucket = 0; bucket < BOUNDS_MICROS.length; bucket++) {
      labels[bucket] = Collector.doubleToGoString(BOUNDS_MICROS[bucket] / 1e6);
    }
    labels[BOUNDS_MICROS.length] = "+Inf";
    return labels;
  }
}
