/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.hop;

import dev.sidelight.hop.v1.ExchangeEnd;

/**
 * Refuses times that no exchange can have. 0 means "not seen" and passes, but not in all places.
 */
final class EndTimes {

  private EndTimes() {}

  /**
   * Checks one end.
   *
   * @param end the end
   * @param latestNanos no time may be later; Long.MAX_VALUE where no clock is known yet
   */
  static void check(ExchangeEnd end, long latestNanos) throws RefusedException {
    long first = end.getFirstSendNanos() | end.getFirstArrivalNanos() | end.getFirstReadNanos();
    if (first == 0) {
      throw new RefusedException("no_time", "neither a send nor an arrival nor a read");
    }
    checkPair("send", end.getFirstSendNanos(), end.getLastSendNanos(), latestNanos);
    checkPair("arrival", end.getFirstArrivalNanos(), end.getLastArrivalNanos(), latestNanos);
    checkPair("read", end.getFirstReadNanos(), end.getLastReadNanos(), latestNanos);
    checkOrder("connect", end.getConnectNanos(), "established", end.getEstablishedNanos());
    checkOrder("arrival", end.getFirstArrivalNanos(), "read", end.getFirstReadNanos());
    checkNotLater("connect", end.getConnectNanos(), latestNanos);
    checkNotLater("established", end.getEstablishedNanos(), latestNanos);
  }

  private static void checkPair(String what, long first, long last, long latestNanos)
      throws RefusedException {
    if (first == 0 != (last == 0)) {
      throw impossible("only one of first and last " + what + ": " + first + ", " + last);
    }
    checkOrder("first " + what, first, "last " + what, last);
    checkNotLater("last " + what, last, latestNanos);
    checkNotLater("first " + what, first, latestNanos);
  }

  private static void checkOrder(String earlierName, long earlier, String laterName, long later)
      throws RefusedException {
    if (earlier != 0 && later != 0 && earlier > later) {
      throw impossible(earlierName + " at " + earlier + " is after " + laterName + " at " + later);
    }
  }

  private static void checkNotLater(String what, long nanos, long latestNanos)
      throws RefusedException {
    // Negative is beyond 2^63 on the wire.
    if (nanos < 0 || nanos > latestNanos) {
      throw new RefusedException(
          "future_time", what + " at " + Long.toUnsignedString(nanos) + ", beyond " + latestNanos);
    }
  }

  private static RefusedException impossible(String message) {
    return new RefusedException("impossible_time", message);
  }
}
