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
 * @param step when and by how much the wall clock is set
 * @param unsampled when no samples arrive
 */
record NodeTime(long bootNanos, long wallErrorNanos, int driftPpm, Step step, Unsampled unsampled) {

  /**
   * The wall clock is set.
   *
   * @param atNanos true time
   * @param nanos forward, or back where negative; 0 where it is not set
   */
  record Step(long atNanos, long nanos) {
    static final Step NONE = new Step(0, 0);
  }

  /**
   * Samples are lost.
   *
   * @param fromNanos true time
   * @param nanos for so long; 0 where none is
   */
  record Unsampled(long fromNanos, long nanos) {
    static final Unsampled NEVER = new Unsampled(0, 0);
  }

  private static final long EPOCH_NANOS = 1_700_000_000_000_000_000L;

  long monotonicNanos(long trueNanos) {
    return trueNanos + bootNanos;
  }

  long epochNanos(long trueNanos) {
    long setNanos = trueNanos >= step.atNanos ? step.nanos : 0;
    return EPOCH_NANOS + trueNanos + wallErrorNanos + setNanos + trueNanos / 1_000_000 * driftPpm;
  }

  boolean isSampled(long trueNanos) {
    return trueNanos < unsampled.fromNanos || trueNanos >= unsampled.fromNanos + unsampled.nanos;
  }

  /** What the node's probe would measure. */
  ClockSample sample(long trueNanos) {
    return new ClockSample(
        monotonicNanos(trueNanos), epochNanos(trueNanos) - monotonicNanos(trueNanos), 300);
  }
}
