/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.history;

/**
 * One duration over the calls in which it was measured.
 *
 * @param count calls, at least 1
 * @param sumNanos of their durations; {@link #ABSENT} where it is not known
 * @param p50Nanos median; {@link #ABSENT} where only count and sum are known
 * @param p95Nanos 95th percentile, or absent as well
 * @param p99Nanos 99th percentile, or absent as well
 */
public record HistoryFigures(
    long count, long sumNanos, long p50Nanos, long p95Nanos, long p99Nanos) {

  /** No percentile. */
  public static final long ABSENT = -1;

  /** Mean, rounded to the nanosecond; {@link #ABSENT} as the sum. */
  long meanNanos() {
    return sumNanos == ABSENT ? ABSENT : Math.round((double) sumNanos / count);
  }
}
