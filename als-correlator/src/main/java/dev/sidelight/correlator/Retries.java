/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.correlator;

/** The attempts of the router before the last, from its upstream_log. */
final class Retries {

  private Retries() {}

  /** Several attempts, and an entry of each. */
  static boolean areSeen(Leg leg) {
    return leg.entry.attemptCount() > 1 && leg.attempts.size() >= leg.entry.attemptCount();
  }

  /** When the first attempt was sent, or began where it was never sent; CLOCK_MONOTONIC. */
  static long startNanos(Leg leg) {
    AccessLogEntry first = leg.attempts.get(0);
    long afterStartNanos = first.startEpochNanos() - leg.entry.startEpochNanos();
    return leg.startNanos + afterStartNanos + Math.max(0, first.firstUpstreamTxNanos());
  }
}
