/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.tracing;

import static dev.sidelight.correlator.LatencyBreakdown.ABSENT;

import dev.sidelight.correlator.CallEnds;
import dev.sidelight.correlator.CorrelatedRequest;
import dev.sidelight.correlator.ExchangeEnd;
import dev.sidelight.correlator.LatencyBreakdown;
import dev.sidelight.correlator.LatencyComponent;

/**
 * How much of a component lies on the way there, by the kernel's points. What the breakdown says of
 * the whole is never exceeded.
 */
final class RequestParts {

  // deps
  private final LatencyBreakdown breakdown;
  private final CallEnds ends;
  private final boolean oneClock;

  RequestParts(CorrelatedRequest call) {
    breakdown = call.breakdown();
    ends = call.ends();
    oneClock = call.oneClock();
  }

  /** Nanoseconds, 0 to the whole; {@link LatencyBreakdown#ABSENT} where nobody knows. */
  long nanos(LatencyComponent component) {
    long wholeNanos = breakdown.nanos(component);
    return switch (component) {
      case SOURCE_HOP -> atMost(wholeNanos, passage(ends.sourceApp(), ends.sourceDownstream()));
      case SOURCE_SIDECAR_QUEUE -> atMost(wholeNanos, unread(ends.sourceDownstream()));
      case SOURCE_SIDECAR ->
          allBut(wholeNanos, answered(ends.sourceUpstream(), ends.sourceDownstream()));
      case NETWORK -> atMost(wholeNanos, linkPassage());
      case LINK_UNSPLIT -> atMost(wholeNanos, beyondNetwork(linkPassage()));
      case DESTINATION_SIDECAR_QUEUE -> atMost(wholeNanos, unread(ends.destinationDownstream()));
      case DESTINATION_SIDECAR ->
          allBut(wholeNanos, answered(ends.destinationUpstream(), ends.destinationDownstream()));
      case DESTINATION_HOP ->
          atMost(wholeNanos, passage(ends.destinationUpstream(), ends.destinationApp()));
      default -> wholeNanos;
    };
  }

  private static long atMost(long wholeNanos, long nanos) {
    return nanos == ABSENT ? ABSENT : Math.min(wholeNanos, nanos);
  }

  private static long allBut(long wholeNanos, long nanos) {
    return nanos == ABSENT ? ABSENT : wholeNanos - Math.min(wholeNanos, nanos);
  }

  /** From an initiator's last send of the request to its arrival. */
  private static long passage(ExchangeEnd initiator, ExchangeEnd acceptor) {
    return initiator == null || acceptor == null
        ? ABSENT
        : distance(initiator.lastSendNanos(), acceptor.lastArrivalNanos());
  }

  /** How long the request's last bytes lay in an acceptor's socket. */
  private static long unread(ExchangeEnd acceptor) {
    return acceptor == null
        ? ABSENT
        : distance(acceptor.lastArrivalNanos(), acceptor.lastReadNanos());
  }

  /** From a proxy's read of the response to its send. */
  private static long answered(ExchangeEnd upstream, ExchangeEnd downstream) {
    return upstream == null || downstream == null
        ? ABSENT
        : distance(upstream.lastReadNanos(), downstream.lastSendNanos());
  }

  private long linkPassage() {
    return oneClock ? passage(ends.sourceUpstream(), ends.destinationDownstream()) : ABSENT;
  }

  /** What of a passage is more than the network's whole. */
  private long beyondNetwork(long passageNanos) {
    return passageNanos == ABSENT
        ? ABSENT
        : Math.max(0, passageNanos - Math.max(0, breakdown.nanos(LatencyComponent.NETWORK)));
  }

  /** Never negative: a point before its predecessor counts as at its place. */
  private static long distance(long fromNanos, long toNanos) {
    return fromNanos == 0 || toNanos == 0 ? ABSENT : Math.max(0, toNanos - fromNanos);
  }
}
