/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.history;

import dev.sidelight.correlator.CorrelatedRequest;

/**
 * Calls that started in one stretch of time: what is packed, and what came since. Guarded by its
 * {@link EdgeSlices}.
 */
final class Slice {

  /** This object, a reference to it, and the header of what is packed, rounded. */
  private static final int FIXED_BYTES = 60;

  // deps
  final long startEpochSecond;
  private final boolean folded;
  // state
  private byte[] packed;
  private PendingCalls pending;
  private long touchedEpochSecond;

  /** A fine one, still empty. */
  Slice(long startEpochSecond) {
    this(startEpochSecond, false, null, null);
  }

  private Slice(long startEpochSecond, boolean folded, byte[] packed, PendingCalls pending) {
    this.startEpochSecond = startEpochSecond;
    this.folded = folded;
    this.packed = packed;
    this.pending = pending;
  }

  /** A minute, from fine ones that were added up. */
  static Slice folded(long startEpochSecond, SliceTotals totals) {
    return new Slice(startEpochSecond, true, totals.pack(), null);
  }

  boolean isFolded() {
    return folded;
  }

  boolean isPackedMinute() {
    return folded && pending == null;
  }

  /** For a reader without the lock. */
  Slice copy() {
    return new Slice(startEpochSecond, folded, packed, pending == null ? null : pending.copy());
  }

  void add(CorrelatedRequest call, long nowEpochSecond, SliceTotals scratch) {
    if (pending == null) {
      pending = new PendingCalls();
    } else if (pending.isFull()) {
      pack(scratch);
      pending = new PendingCalls();
    }
    pending.add(call);
    touchedEpochSecond = nowEpochSecond;
  }

  /** Packs what no call has reached since. */
  void packIfIdle(long sinceEpochSecond, SliceTotals scratch) {
    if (pending != null && touchedEpochSecond < sinceEpochSecond) {
      pack(scratch);
    }
  }

  private void pack(SliceTotals scratch) {
    scratch.clear();
    addTo(scratch);
    packed = scratch.pack();
    pending = null;
  }

  void addTo(SliceTotals totals) {
    if (packed != null) {
      totals.add(packed);
    }
    if (pending != null) {
      totals.add(pending);
    }
  }

  int heapBytes() {
    return FIXED_BYTES
        + (packed == null ? 0 : packed.length)
        + (pending == null ? 0 : pending.heapBytes());
  }
}
