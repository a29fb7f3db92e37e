/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.correlator;

/**
 * Bounds of the correlator.
 *
 * @param windowNanos how long a record waits for the rest of its call, nanoseconds, at least one
 *     second
 * @param maxPendingEntries access log entries held at most; the oldest go first, counted
 * @param maxPendingEnds exchange ends held at most; the oldest go first, counted
 */
public record CorrelatorSettings(long windowNanos, int maxPendingEntries, int maxPendingEnds) {

  /** Rejects bounds that cannot work. */
  public CorrelatorSettings {
    if (windowNanos < 1_000_000_000L) {
      throw new IllegalArgumentException("windowNanos below one second: " + windowNanos);
    }
    if (maxPendingEntries < 1 || maxPendingEnds < 1) {
      throw new IllegalArgumentException(
          "bounds below one: " + maxPendingEntries + ", " + maxPendingEnds);
    }
  }
}
