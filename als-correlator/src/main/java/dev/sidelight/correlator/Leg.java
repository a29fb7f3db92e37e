/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.correlator;

import dev.sidelight.correlator.CorrelatorMetrics.RecordOutcome;
import java.util.List;

/**
 * One proxy's part of a call: its access log entry with the exchanges found for it. One thread. The
 * window uses these objects again and again.
 */
final class Leg {

  // state
  AccessLogEntry entry;
  private boolean source;
  long receivedNanos;

  /** The exchange on the downstream connection; null until found. */
  Exchange downstream;

  /** The exchange on the upstream connection; null until found. */
  Exchange upstream;

  /** The other end of the hop: the app's; null until found, and always at a gateway. */
  ExchangeEnd app;

  /** Where {@link #app} was seen apart from the Envoy's end. */
  Exchange appExchange;

  /** When Envoy began the stream, by the node's CLOCK_MONOTONIC; 0 until its clock is known. */
  long startNanos;

  /**
   * The link is HTTP/2 that cannot be cut into requests: Envoy's stamps stand in for its exchange.
   */
  boolean linkByLog;

  /** The same of a gateway's connection on the other side. */
  boolean farSideByLog;

  /** Arrival and read of the stream's last bytes on such a link; 0 where not known. */
  long linkArrivalNanos;

  long linkReadNanos;

  /** It was looked at before. */
  boolean postponed;

  /** It was left over where several calls have link and request id in common. */
  boolean refusedByLog;

  /** Where it waits on HTTP/2 connections; null where it does not. */
  StreamEntries.StreamEntry downstreamEntry;

  StreamEntries.StreamEntry upstreamEntry;

  /** Why the exchanges are not all found; {@link PartialReason#NONE} when they are. */
  PartialReason reason;

  /** The kernel's and Envoy's order of events contradict one another. */
  boolean orderViolated;

  /**
   * Earlier attempts of the router, in the order of their start; the last is the one that the entry
   * tells of.
   */
  List<AccessLogEntry> attempts;

  // state of a gateway's entry, which tells of two calls: of the one that comes to it, whose
  // destination it is, and of the one that goes on, whose source it is

  /** The leg of the entry's other call; null where there is none, or it has left. */
  Leg twin;

  /** How the entry left with its other call; null where it did not. */
  RecordOutcome twinOutcome;

  String twinReason;

  // state of the window: the neighbours in the queue, and of each index the hash and the link
  LegQueue queue;
  Leg ahead;
  Leg behind;
  int streamHash;
  int callHash;
  Leg streamLink;
  Leg callLink;

  Leg(AccessLogEntry entry, long receivedNanos) {
    reset(entry, receivedNanos);
  }

  /** Begins anew. */
  final void reset(AccessLogEntry newEntry, long nowNanos) {
    entry = newEntry;
    source = newEntry.direction() == TrafficDirection.OUTBOUND;
    receivedNanos = nowNanos;
    forget();
    reason = PartialReason.NO_CLOCK;
    refusedByLog = false;
    postponed = false;
    attempts = List.of();
    twin = null;
    twinOutcome = null;
    twinReason = "";
  }

  /** Lets go of the entry, until there is another. */
  void clear() {
    entry = null;
    attempts = List.of();
  }

  /** It is a gateway's leg of the call that comes to it, the other one of the call that goes on. */
  void becomeArrivalOf(Leg departure) {
    source = false;
    twin = departure;
    departure.twin = this;
  }

  /** Says of what was found that it is kept, and by whom a call's other leg finds this one. */
  void claim() {
    if (downstream != null) {
      downstream.claim();
    }
    if (upstream != null) {
      upstream.claim();
    }
    if (appExchange != null) {
      appExchange.claim();
    }
    if (isResolved() && isSource() && upstream != null) {
      upstream.sourceLeg = this;
    } else if (isResolved() && !isSource() && downstream != null) {
      downstream.destinationLeg = this;
    }
  }

  /** A source learns from its destination that the link carries several streams at once. */
  void distrustLink() {
    if (upstream != null) {
      upstream.sourceLeg = upstream.sourceLeg == this ? null : upstream.sourceLeg;
      upstream.release();
      upstream = null;
    }
    linkByLog = true;
  }

  /** Takes back what {@link #claim} said, and forgets what was found. */
  void release() {
    if (downstream != null) {
      downstream.destinationLeg =
          downstream.destinationLeg == this ? null : downstream.destinationLeg;
      downstream.release();
    }
    if (upstream != null) {
      upstream.sourceLeg = upstream.sourceLeg == this ? null : upstream.sourceLeg;
      upstream.release();
    }
    if (appExchange != null) {
      appExchange.release();
    }
    forget();
  }

  private void forget() {
    downstream = null;
    upstream = null;
    app = null;
    appExchange = null;
    orderViolated = false;
    startNanos = 0;
    linkByLog = false;
    farSideByLog = false;
    linkArrivalNanos = 0;
    linkReadNanos = 0;
  }

  /** What was found of the hop is another request's. */
  void refuseHop() {
    if (isSource()) {
      downstream = null;
    } else {
      upstream = null;
    }
    app = null;
    appExchange = null;
  }

  /** Whether it is the call's source, else its destination. */
  boolean isSource() {
    return source;
  }

  /** Its streams are another request's: it is looked at anew. */
  void refuseStream() {
    release();
    reason = PartialReason.REQUEST_ID_MISMATCH;
  }

  boolean isGateway() {
    return entry.proxy().type().standsAlone();
  }

  /** Answered by the proxy itself, or given up before anything was sent upstream. */
  boolean isDirect() {
    return entry.upstreamLocal() == null
        || entry.upstreamRemote() == null
        || entry.firstUpstreamTxNanos() == AccessLogEntry.ABSENT;
  }

  boolean isResolved() {
    return reason == PartialReason.NONE;
  }

  /** Whether the kernel's records of both are of one node; false where one of them has none. */
  boolean isOnNodeOf(Leg other) {
    String node = node();
    return !node.isEmpty() && node.equals(other.node());
  }

  private String node() {
    Exchange seen = downstream == null ? upstream : downstream;
    return seen == null ? "" : seen.node();
  }

  /** What was ambiguous is not missing because its exchanges have left the window since. */
  void keepAmbiguity(PartialReason before) {
    boolean wasAmbiguous =
        before == PartialReason.AMBIGUOUS_EXCHANGE || before == PartialReason.AMBIGUOUS_STREAM;
    if (wasAmbiguous && !isResolved()) {
      reason = before;
    }
  }

  /** The reason where no exchange fits on its downstream, or its upstream, connection. */
  PartialReason missing(boolean ofDownstream) {
    if (ofDownstream) {
      return isSource()
          ? PartialReason.NO_SOURCE_DOWNSTREAM
          : PartialReason.NO_DESTINATION_DOWNSTREAM;
    }
    return isSource() ? PartialReason.NO_SOURCE_UPSTREAM : PartialReason.NO_DESTINATION_UPSTREAM;
  }

  /** The entry has left with its other call: what was found by then is all. */
  boolean isDecided() {
    return twinOutcome != null;
  }

  /** Whether what was found has been superseded since, or has left with another call. */
  boolean isStale() {
    return isStale(downstream) || isStale(upstream) || isStale(appExchange);
  }

  private static boolean isStale(Exchange found) {
    return found != null && (found.isSuperseded() || found.isTakenByCall());
  }

  /** Whether a destination's stream was taken without an id: it may be a neighbour's. */
  boolean isUnconfirmed() {
    return !isSource() && isResolved() && downstream != null && downstream.acceptor().isStream();
  }

  /**
   * Whether records that were on their way when it was looked at may show that its stream is
   * another, or that the link can be read.
   */
  boolean isPreliminary() {
    return postponed && (isUnconfirmed() || (isSource() && isResolved() && linkByLog));
  }

  /** Whether Envoy's send of the response waited for room, as far as the kernel saw it. */
  boolean waitedDownstream() {
    return downstream != null
        && downstream.acceptor() != null
        && downstream.acceptor().waitedForRoom();
  }

  /** Whether Envoy's send of the request waited for room, as far as the kernel saw it. */
  boolean waitedUpstream() {
    return upstream != null && upstream.initiator() != null && upstream.initiator().waitedForRoom();
  }

  /** Whether the app's send waited for room: at a source of the request, else of the response. */
  boolean waitedAtApp() {
    return app != null && app.waitedForRoom();
  }

  /** Envoy's own socket downstream, as acceptor. */
  ExchangeEnd downstreamEnd() {
    return downstream == null ? null : downstream.acceptor();
  }

  /** Envoy's own socket upstream, as initiator. */
  ExchangeEnd upstreamEnd() {
    return upstream == null ? null : upstream.initiator();
  }
}
