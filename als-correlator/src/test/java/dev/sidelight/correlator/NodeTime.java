/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.correlator;

/**
 * The two clocks of a node, against the one true time of the tests' mesh.
 *
 * @param bootNanos what CLOCK_MONOTONIC is ahead of the true time
 * @param wallErrorNanos what the wall clock is ahead of the right one
 * @param driftPpm what the wall clock gains, microseconds a second
 */
record NodeTime(long bootNanos, long wallErrorNanos, int driftPpm) {

  private static final long EPOCH_NANOS = 1_700_000_000_000_000_000L;

  long monotonicNanos(long trueNanos) {
    return trueNanos + bootNanos;
  }

  long epochNanos(long trueNanos) {
    return EPOCH_NANOS + trueNanos + wallErrorNanos + trueNanos / 1_000_000 * driftPpm;
  }

  /** What the node's probe would measure. */
  ClockSample sample(long trueNanos) {
    return new ClockSample(
        monotonicNanos(trueNanos), epochNanos(trueNanos) - monotonicNanos(trueNanos), 300);
  }
}
