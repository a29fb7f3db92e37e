/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.bpf;

import jnr.ffi.Pointer;

/**
 * The node's clocks. Of several readings of CLOCK_REALTIME between two of CLOCK_MONOTONIC the
 * tightest is kept, since any of them may be interrupted. One thread at a time.
 */
public final class NodeClock {
  private static final int CLOCK_REALTIME = 0;
  private static final int CLOCK_MONOTONIC = 1;
  private static final int ATTEMPTS = 8;
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private final Native libraries = Native.get();
  private final Pointer timespec = libraries.allocate(16);

  /** Reads both clocks. */
  public ClockReading read() {
    ClockReading best = null;
    for (int i = 0; i < ATTEMPTS; i++) {
      long before = nanos(CLOCK_MONOTONIC);
      long epoch = nanos(CLOCK_REALTIME);
      long after = nanos(CLOCK_MONOTONIC);
      long half = (after - before + 1) / 2;
      if (best == null || half < best.uncertaintyNanos()) {
        best = new ClockReading(before + half, epoch - before - half, half);
      }
    }
    return best;
  }

  private long nanos(int clock) {
    libraries.checked("clock_gettime", libraries.c.clock_gettime(clock, timespec));
    return timespec.getLong(0) * NANOS_PER_SECOND + timespec.getLong(8);
  }
}
