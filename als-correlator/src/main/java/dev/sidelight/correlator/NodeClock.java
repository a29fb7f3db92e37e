/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.correlator;

/**
 * The wall clock of one node against its monotonic clock, from samples: Envoy stamps the start of a
 * stream with the former, the kernel's records with the latter. One thread.
 *
 * <p>An epoch time is converted with the offset interpolated between the samples around it; before
 * the first and after the last sample the nearest one's stands. The error is what the samples'
 * brackets and the change between them allow, and never assumed below {@link #MIN_ERROR_NANOS};
 * beyond the samples it grows as far as the wall clock may be slewed.
 *
 * <p>A wall clock that is set anew gives one time two meanings, or none. Times that may be of
 * before are not told for a while, see {@link #covers}; those after it are at once.
 */
final class NodeClock {

  /**
   * Envoy's stamps are microseconds, and one is taken a little after the event: nothing finer is
   * claimed.
   */
  static final long MIN_ERROR_NANOS = 5_000;

  /** NTP slews by less than this between two samples; more is a clock set by hand. */
  private static final long STEP_NANOS = 10_000_000;

  /** A wrong exchange could be taken where the error is larger. */
  private static final long MAX_ERROR_NANOS = 200_000;

  /** The kernel slews the wall clock by 500 ppm at the most: one part in so many. */
  private static final long SLEW_DIVISOR = 2_000;

  /** How long entries from before a step may still come. */
  private static final long STEP_MEMORY_NANOS = 60_000_000_000L;

  /** 100 s of samples. */
  private static final int CAPACITY = 1_024;

  // state: a ring, oldest at (count - size)
  private final long[] epochNanos = new long[CAPACITY];
  private final long[] offsetNanos = new long[CAPACITY];
  private final long[] uncertaintyNanos = new long[CAPACITY];
  private int count;
  private long lastMonotonicNanos;
  private long steppedMonotonicNanos;
  private long beforeStepEpochNanos = Long.MIN_VALUE;

  void add(ClockSample sample) {
    if (count > 0 && sample.monotonicNanos() <= lastMonotonicNanos) {
      return; // a batch sent again
    }
    long lastOffsetNanos = count == 0 ? 0 : offsetNanos[slot(count - 1)];
    if (count > 0 && Math.abs(sample.epochOffsetNanos() - lastOffsetNanos) > STEP_NANOS) {
      step(sample.monotonicNanos());
    }
    lastMonotonicNanos = sample.monotonicNanos();
    long epoch = sample.monotonicNanos() + sample.epochOffsetNanos();
    int slot = slot(count);
    epochNanos[slot] = epoch;
    offsetNanos[slot] = sample.epochOffsetNanos();
    uncertaintyNanos[slot] = sample.uncertaintyNanos();
    count++;
  }

  /** Set anew: what the old mapping said of these wall clock times is void. */
  private void step(long monotonicNanos) {
    long latestEpochNanos =
        epochNanos[slot(count - 1)] + (monotonicNanos - lastMonotonicNanos) + MIN_ERROR_NANOS;
    boolean again = remembersStep();
    beforeStepEpochNanos =
        again ? Math.max(beforeStepEpochNanos, latestEpochNanos) : latestEpochNanos;
    steppedMonotonicNanos = monotonicNanos;
    count = 0;
  }

  private boolean remembersStep() {
    return beforeStepEpochNanos != Long.MIN_VALUE
        && lastMonotonicNanos - steppedMonotonicNanos < STEP_MEMORY_NANOS;
  }

  /**
   * Whether a wall clock time has one meaning, known well enough to tell exchanges apart: not too
   * far from the samples, and surely of after the last step.
   */
  boolean covers(long epoch) {
    return count > 0
        && !(remembersStep() && epoch <= beforeStepEpochNanos)
        && errorNanos(epoch) <= MAX_ERROR_NANOS;
  }

  /** CLOCK_MONOTONIC of the node at a wall clock time. */
  long toMonotonicNanos(long epoch) {
    int after = firstAtOrAfter(epoch);
    if (after == count || after == oldest()) {
      return epoch - offsetNanos[slot(after == count ? count - 1 : after)];
    }
    int before = slot(after - 1);
    int next = slot(after);
    double share =
        (double) (epoch - epochNanos[before]) / (double) (epochNanos[next] - epochNanos[before]);
    long step = offsetNanos[next] - offsetNanos[before];
    return epoch - (offsetNanos[before] + Math.round(step * share));
  }

  /**
   * Wall clock at a CLOCK_MONOTONIC time; by the newest offset, since only reports are dated with
   * it.
   */
  long toEpochNanos(long monotonicNanos) {
    return monotonicNanos + offsetNanos[slot(count - 1)];
  }

  /** {@link #toMonotonicNanos} is right within plus or minus this. */
  long errorNanos(long epoch) {
    int after = firstAtOrAfter(epoch);
    int next = slot(after == count ? count - 1 : after);
    int before = slot(after == oldest() ? after : after - 1);
    long bracket = Math.max(uncertaintyNanos[before], uncertaintyNanos[next]);
    long changeNanos = Math.abs(offsetNanos[next] - offsetNanos[before]);
    return Math.max(MIN_ERROR_NANOS, bracket + changeNanos + outsideNanos(epoch) / SLEW_DIVISOR);
  }

  /** How far it is from the nearest sample, where it does not lie between two. */
  private long outsideNanos(long epoch) {
    return Math.max(
        0, Math.max(epochNanos[slot(oldest())] - epoch, epoch - epochNanos[slot(count - 1)]));
  }

  private int firstAtOrAfter(long epoch) {
    int low = oldest();
    int high = count;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (epochNanos[slot(middle)] < epoch) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private int oldest() {
    return Math.max(0, count - CAPACITY);
  }

  private static int slot(int index) {
    return index % CAPACITY;
  }
}
