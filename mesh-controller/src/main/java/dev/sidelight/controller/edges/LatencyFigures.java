/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.edges;

/**
 * One duration over the calls in which it was measured. Percentiles are within 0.1% or 64 ns of the
 * exact ones in the window, and as {@link Resolution} says in the history; they are {@link #ABSENT}
 * where only count and sum are known, as of seconds that were thinned for memory.
 *
 * @param count calls in which it was measured, at least 1
 * @param sumNanos exact sum; {@link #ABSENT} where a Prometheus does not tell it
 * @param p50Nanos median
 * @param p95Nanos 95th percentile
 * @param p99Nanos 99th percentile
 */
public record LatencyFigures(
    long count, long sumNanos, long p50Nanos, long p95Nanos, long p99Nanos) {

  /** Not known. */
  public static final long ABSENT = -1;

  /** Exact mean, rounded to the nanosecond; {@link #ABSENT} as the sum. */
  public long meanNanos() {
    return sumNanos == ABSENT ? ABSENT : Math.round((double) sumNanos / count);
  }
}
