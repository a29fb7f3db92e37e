/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.edges;

/**
 * One duration over the calls of a window in which it was measured. Percentiles are within 0.1% or
 * 64 ns of the exact ones; all three are {@link #ABSENT} where the window's seconds were thinned
 * for memory.
 *
 * @param count calls in which it was measured, at least 1
 * @param sumNanos exact sum
 * @param p50Nanos median
 * @param p95Nanos 95th percentile
 * @param p99Nanos 99th percentile
 */
public record LatencyFigures(
    long count, long sumNanos, long p50Nanos, long p95Nanos, long p99Nanos) {

  /** No percentile. */
  public static final long ABSENT = -1;

  /** Exact mean, rounded to the nanosecond. */
  public long meanNanos() {
    return Math.round((double) sumNanos / count);
  }
}
