/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.correlator;

/**
 * What a router's attempt says of the entry that its destination wrote.
 *
 * @param entry the attempt's
 * @param answeredPod the pod that answered the call in the end; empty where nobody tells
 * @param aheadNanos what its wall clock and the way to it put its entry behind the attempt that
 *     reached it
 */
record ReachedBy(AccessLogEntry entry, String answeredPod, long aheadNanos) {

  /** What the clocks of two nodes may differ by. */
  private static final long CLOCKS_NANOS = 1_000_000_000;

  /** What the way to one destination may differ by from one attempt to the next. */
  private static final long WAY_NANOS = 5_000_000;

  static ReachedBy of(AccessLogEntry attempt, Leg source, Leg answered) {
    return answered == null
        ? new ReachedBy(attempt, "", 0)
        : new ReachedBy(
            attempt,
            answered.entry.proxy().podAddress(),
            answered.entry.startEpochNanos() - LogPairing.sentEpochNanos(source));
  }

  /** Whether the entry is of the time in which the attempt lasted. */
  boolean reaches(AccessLogEntry reached) {
    boolean knowsItsClock = reached.proxy().podAddress().equals(answeredPod);
    long slackNanos = knowsItsClock ? WAY_NANOS : CLOCKS_NANOS;
    long afterNanos =
        reached.startEpochNanos() - entry.startEpochNanos() - (knowsItsClock ? aheadNanos : 0);
    return afterNanos >= -slackNanos
        && afterNanos <= Math.max(0, entry.durationNanos()) + slackNanos;
  }
}
