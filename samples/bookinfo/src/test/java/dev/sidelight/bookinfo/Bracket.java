/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.bookinfo;

/**
 * The least and the greatest that something can have been, nanoseconds: a time by the readings
 * around the system call in which it happened, or a duration between two such times.
 */
record Bracket(long lowNanos, long highNanos) {

  /** The duration from one time to a later one. */
  static Bracket between(Bracket from, Bracket to) {
    return new Bracket(
        Math.max(0, to.lowNanos - from.highNanos), Math.max(0, to.highNanos - from.lowNanos));
  }

  Bracket plus(Bracket other) {
    return new Bracket(lowNanos + other.lowNanos, highNanos + other.highNanos);
  }

  /** How far outside the value lies, 0 for inside. */
  long missNanos(long valueNanos) {
    return Math.max(0, Math.max(lowNanos - valueNanos, valueNanos - highNanos));
  }

  /** How far the value lies from the middle. */
  long deviationNanos(long valueNanos) {
    return Math.abs(valueNanos - (lowNanos + highNanos) / 2);
  }
}
