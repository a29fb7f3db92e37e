/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.correlator;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The part of an app's time that it spent in its own outbound calls. */
final class UpstreamWait {

  private static final Comparator<Exchange> BY_FIRST_SEND =
      Comparator.comparingLong(exchange -> exchange.initiator().firstSendNanos());

  private UpstreamWait() {}

  /**
   * Length of the union of the calls' times (first send to last read) inside the app's time:
   * parallel calls are not counted twice.
   */
  static long nanos(List<Exchange> outboundHops, long fromNanos, long toNanos) {
    List<Exchange> calls = outboundHops;
    if (calls.size() > 1) {
      calls = new ArrayList<>(calls);
      calls.sort(BY_FIRST_SEND);
    }
    long coveredToNanos = fromNanos;
    long sumNanos = 0;
    for (Exchange exchange : calls) {
      ExchangeEnd call = exchange.initiator();
      long beginNanos = Math.max(coveredToNanos, call.firstSendNanos());
      long endNanos = Math.min(toNanos, call.lastReadNanos());
      if (endNanos > beginNanos) {
        sumNanos += endNanos - beginNanos;
        coveredToNanos = endNanos;
      }
    }
    return sumNanos;
  }
}
