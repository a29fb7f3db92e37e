/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.correlator;

/** Legs that wait equally long, in the order of their receipt. One thread. */
final class LegQueue {

  // deps
  private final long waitNanos;

  // state
  private Leg first;
  private Leg last;

  /** Of legs that are due so long after their receipt. */
  LegQueue(long waitNanos) {
    this.waitNanos = waitNanos;
  }

  /** The longest waiting; null where none waits. */
  Leg first() {
    return first;
  }

  /** The longest waiting, where it is due; else null. */
  Leg due(long nowNanos) {
    return first != null && first.receivedNanos + waitNanos <= nowNanos ? first : null;
  }

  void add(Leg leg) {
    leg.queue = this;
    leg.ahead = last;
    leg.behind = null;
    if (last == null) {
      first = leg;
    } else {
      last.behind = leg;
    }
    last = leg;
  }

  void remove(Leg leg) {
    if (leg.ahead == null) {
      first = leg.behind;
    } else {
      leg.ahead.behind = leg.behind;
    }
    if (leg.behind == null) {
      last = leg.ahead;
    } else {
      leg.behind.ahead = leg.ahead;
    }
    leg.queue = null;
  }
}
