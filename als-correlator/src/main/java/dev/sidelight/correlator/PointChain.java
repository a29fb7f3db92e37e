/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.correlator;

/** Times along a path in one clock domain, each at least its predecessor. */
final class PointChain {

  private static final int MAX_POINTS = 10;

  // state
  private final long[] nanos = new long[MAX_POINTS];
  private int size;
  private boolean complete = true;
  private boolean clamped;
  private boolean firstClamped;

  private PointChain() {}

  static PointChain from(long nanos) {
    return new PointChain().then(nanos);
  }

  /** A further point; 0, not seen, makes the chain incomplete. */
  PointChain then(long pointNanos) {
    complete &= pointNanos != 0;
    long previous = size == 0 ? pointNanos : nanos[size - 1];
    clamped |= pointNanos < previous;
    nanos[size++] = Math.max(pointNanos, previous);
    return this;
  }

  /** A chain of its own in the same domain, whose first point is this chain's successor. */
  PointChain continueWith(long pointNanos) {
    PointChain next = from(Math.max(pointNanos, nanos[size - 1]));
    next.clamped = pointNanos < nanos[size - 1];
    next.firstClamped = next.clamped;
    next.complete = pointNanos != 0;
    return next;
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
