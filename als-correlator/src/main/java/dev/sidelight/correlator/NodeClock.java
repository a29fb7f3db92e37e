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
 * brackets and the change between them allow, and never assumed below {@link #MIN_ERROR_NANOS}.
 */
final class NodeClock {

  /**
   * Envoy's stamps are microseconds, and one is taken a little after the event: nothing finer is
   * claimed.
   */
  static final long MIN_ERROR_NANOS = 5_000;

  /** NTP slews by less than this between two samples; more is a clock set by hand. */
  private static final long STEP_NANOS = 10_000_000;

  private static final int CAPACITY = 256;

  // state: a ring, oldest at (count - size)
  private final long[] epochNanos = new long[CAPACITY];
  private final long[] offsetNanos = new long[CAPACITY];
  private final long[] uncertaintyNanos = new long[CAPACITY];
  private int count;
  private long lastMonotonicNanos;

  void add(ClockSample sample) {
    if (count > 0 && sample.monotonicNanos() <= lastMonotonicNanos) {
      return; // a batch sent again
    }
    long lastOffsetNanos = count == 0 ? 0 : offsetNanos[slot(count - 1)];
    if (count > 0 && Math.abs(sample.epochOffsetNanos() - lastOffsetNanos) > STEP_NANOS) {
      count = 0; // set anew: what the old mapping said of these wall clock times is void
    }
    lastMonotonicNanos = sample.monotonicNanos();
    long epoch = sample.monotonicNanos() + sample.epochOffsetNanos();
    int slot = slot(count);
    epochNanos[slot] = epoch;
    offsetNanos[slot] = sample.epochOffsetNanos();
    uncertaintyNanos[slot] = sample.uncertaintyNanos();
    count++;
  }

  boolean isEmpty() {
    return count == 0;
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
    return Math.max(MIN_ERROR_NANOS, bracket + Math.abs(offsetNanos[next] - offsetNanos[before]));
  }

  private int firstAtOrAfter(long epoch) {
    int index = count;
    while (index > oldest() && epochNanos[slot(index - 1)] >= epoch) {
      index--;
    }
    return index;
  }

  private int oldest() {
    return Math.max(0, count - CAPACITY);
  }

  private static int slot(int index) {
    return index % CAPACITY;
  }
}
