/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.status;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What counters have grown by in the last minute. To be told of them every few seconds. Any thread.
 */
public final class RecentCounters {

  /** How far back; the growth is of up to one {@link #SAMPLE_MILLIS} more. */
  public static final int WINDOW_SECONDS = 60;

  /** Time between two samples. */
  public static final long SAMPLE_MILLIS = 5_000;

  private static final long WINDOW_NANOS = WINDOW_SECONDS * 1_000_000_000L;

  // state
  private final Deque<Sample> samples = new ArrayDeque<>();

  /** Nothing was counted before this time, by a clock that never goes back. */
  public RecentCounters(long nowNanos) {
    samples.addLast(new Sample(nowNanos, Counters.NONE));
  }

  /** Keeps a sample, by the same clock. */
  public synchronized void sample(long nowNanos, Counters counters) {
    samples.addLast(new Sample(nowNanos, counters));
    forget(nowNanos);
  }

  /** Growth until now; before the first minute is over, since the start. */
  public synchronized Counters growth(long nowNanos, Counters counters) {
    forget(nowNanos);
    return counters.since(samples.getFirst().counters());
  }

  /** The oldest that stays is the last that is a minute old. */
  private void forget(long nowNanos) {
    while (samples.size() > 1) {
      Sample first = samples.removeFirst();
      if (nowNanos - samples.getFirst().nanos() < WINDOW_NANOS) {
        samples.addFirst(first);
        return;
      }
    }
  }

  /** Counters at a time. */
  private record Sample(long nanos, Counters counters) {}
}
