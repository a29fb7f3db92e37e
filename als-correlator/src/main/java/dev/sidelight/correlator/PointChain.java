/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.correlator;

/**
 * Times along a path in one clock domain, each at least its predecessor. Used again for each call.
 */
final class PointChain {

  private static final int MAX_POINTS = 10;

  // state
  private final long[] nanos = new long[MAX_POINTS];
  private int size;
  private boolean complete = true;
  private boolean clamped;
  private boolean firstClamped;

  /** Begins with a point; what it was before is forgotten. */
  PointChain from(long pointNanos) {
    size = 0;
    complete = true;
    clamped = false;
    firstClamped = false;
    return then(pointNanos);
  }

  /** A further point; 0, not seen, makes the chain incomplete. */
  PointChain then(long pointNanos) {
    complete &= pointNanos != 0;
    long previous = size == 0 ? pointNanos : nanos[size - 1];
    clamped |= pointNanos < previous;
    nanos[size++] = Math.max(pointNanos, previous);
    return this;
  }

  /** Begins with a point that follows on another chain of the same domain. */
  PointChain after(PointChain before, long pointNanos) {
    long previous = before.nanos[before.size - 1];
    from(Math.max(pointNanos, previous));
    clamped = pointNanos < previous;
    firstClamped = clamped;
    complete = pointNanos != 0;
    return this;
  }

  long at(int index) {
    return nanos[index];
  }

  /** From the point before to this point. */
  long distance(int index) {
    return nanos[index] - nanos[index - 1];
  }

  boolean isComplete() {
    return complete;
  }

  boolean isClamped() {
    return clamped;
  }

  /** Whether the chain that it continues ended after its first point. */
  boolean isFirstClamped() {
    return firstClamped;
  }
}
