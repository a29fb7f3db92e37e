/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.history;

import dev.sidelight.correlator.CorrelatedRequest;
import java.util.ArrayList;
import java.util.List;

/**
 * One edge's slices in the order of time: minutes, then finer ones. Written by one thread, read by
 * any: each method holds the edge's lock; a reader takes copies of references, adding them up is
 * its own.
 */
final class EdgeSlices {

  static final int FINE_SECONDS = 5;
  static final int FOLDED_SECONDS = 60;

  /** This object, its list, its entry in the map, its key; the strings are shared with others. */
  private static final int FIXED_BYTES = 256;

  // deps
  private final int number;
  // state
  private final List<Slice> slices = new ArrayList<>();
  private long heapBytes = FIXED_BYTES;

  /** The number spreads the edges' tidying over time. */
  EdgeSlices(int number) {
    this.number = number;
  }

  int number() {
    return number;
  }

  synchronized void record(
      CorrelatedRequest call, long epochSecond, long nowEpochSecond, SliceTotals scratch) {
    sliceOf(Math.floorDiv(epochSecond, FINE_SECONDS) * FINE_SECONDS)
        .add(call, nowEpochSecond, scratch);
  }

  /** The newest are last, and so are those that calls belong to. */
  private Slice sliceOf(long startEpochSecond) {
    int after = slices.size();
    while (after > 0 && slices.get(after - 1).startEpochSecond > startEpochSecond) {
      after--;
    }
    if (after > 0 && slices.get(after - 1).startEpochSecond == startEpochSecond) {
      return slices.get(after - 1);
    }
    Slice slice = new Slice(startEpochSecond);
    slices.add(after, slice);
    return slice;
  }

  /**
   * Packs slices that no call has reached lately, and makes minutes of those that are older.
   *
   * @param idleSince no call since
   * @param foldBefore minutes that ended by then
   */
  synchronized void tidy(long idleSince, long foldBefore, SliceTotals scratch) {
    fold(foldBefore, scratch);
    for (int i = slices.size() - 1; i >= 0 && !slices.get(i).isPackedMinute(); i--) {
      slices.get(i).packIfIdle(idleSince, scratch);
    }
    weigh();
  }

  /** A late call may have come to a minute, or beside one, that was folded before. */
  private void fold(long foldBefore, SliceTotals scratch) {
    for (int from = 0; from < slices.size(); from++) {
      long minute =
          Math.floorDiv(slices.get(from).startEpochSecond, FOLDED_SECONDS) * FOLDED_SECONDS;
      if (minute + FOLDED_SECONDS > foldBefore) {
        return;
      }
      int to = from + 1;
      while (to < slices.size() && slices.get(to).startEpochSecond < minute + FOLDED_SECONDS) {
        to++;
      }
      if (to > from + 1 || !slices.get(from).isPackedMinute()) {
        fold(from, to, minute, scratch);
      }
    }
  }

  private void fold(int from, int to, long minute, SliceTotals scratch) {
    scratch.clear();
    List<Slice> folded = slices.subList(from, to);
    folded.forEach(slice -> slice.addTo(scratch));
    folded.clear();
    slices.add(from, Slice.folded(minute, scratch));
  }

  /** Forgets what began before, and says how many slices that were. */
  synchronized int dropBefore(long epochSecond) {
    int to = 0;
    while (to < slices.size() && slices.get(to).startEpochSecond < epochSecond) {
      to++;
    }
    slices.subList(0, to).clear();
    weigh();
    return to;
  }

  private void weigh() {
    long bytes = FIXED_BYTES;
    for (Slice slice : slices) {
      bytes += slice.heapBytes();
    }
    heapBytes = bytes;
  }

  /** Copies of what began from the first second to before the second one. */
  synchronized List<Slice> between(long firstEpochSecond, long beforeEpochSecond) {
    List<Slice> copies = new ArrayList<>();
    for (Slice slice : slices) {
      if (slice.startEpochSecond >= firstEpochSecond
          && slice.startEpochSecond < beforeEpochSecond) {
        copies.add(slice.copy());
      }
    }
    return copies;
  }

  /** When the oldest slice began; far ahead where there is none. */
  synchronized long oldestEpochSecond() {
    return slices.isEmpty() ? Long.MAX_VALUE : slices.get(0).startEpochSecond;
  }

  /** As of the last tidying. */
  synchronized long heapBytes() {
    return heapBytes;
  }
}
