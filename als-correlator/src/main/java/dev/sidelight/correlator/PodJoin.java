/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.correlator;

/**
 * The first stage of the join: an access log entry finds its exchanges in its own pod, by the
 * connections' addresses and by time, and from Envoy's end of the hop the app's, by stream
 * position. What does not agree is refused. One thread.
 *
 * <p>All that can be found is looked for, also where something else is missing: what was seen of a
 * call is told, and the reason says what was not.
 */
final class PodJoin {

  /**
   * An exchange is flushed as idle after 200 ms of silence: what Envoy stamps later than half of it
   * after the record's last event is missing in it.
   */
  private static final long TRUNCATED_NANOS = 100_000_000;

  // deps
  private final ExchangeWindow exchanges;
  private final StreamJoin streams = new StreamJoin();
  private final LinkQueue linkQueue = new LinkQueue();

  PodJoin(ExchangeWindow exchanges) {
    this.exchanges = exchanges;
  }

  /** Tries to find what the leg lacks; leaves the reason in it where that fails for now. */
  void resolve(Leg leg, NodeClock clock) {
    if (clock == null || !clock.covers(leg.entry.startEpochNanos())) {
      leg.reason = PartialReason.NO_CLOCK;
      return;
    }
    leg.startNanos = clock.toMonotonicNanos(leg.entry.startEpochNanos());
    long errorNanos = clock.errorNanos(leg.entry.startEpochNanos());
    PartialReason downstream = findDownstream(leg, errorNanos);
    PartialReason upstream = leg.isDirect() ? PartialReason.NONE : findUpstream(leg, errorNanos);
    PartialReason app = findApp(leg);
    leg.reason = firstOf(downstream, firstOf(upstream, app));
    if (leg.isResolved() && leg.downstream == null && leg.upstream == null) {
      leg.reason = leg.missing(true); // nothing was seen of it, or not yet
    }
    leg.orderViolated = leg.upstream != null && isOrderViolated(leg, errorNanos);
  }

  /** Whether an entry tells of HTTP/2 on one side at least. */
  static boolean isOfStreams(AccessLogEntry entry) {
    return entry.downstreamHttp2() || entry.upstreamHttp2();
  }

  /** The leg is one of streams; it waits, and is looked at later. */
  void enter(Leg leg, NodeClock clock) {
    long startEpochNanos = leg.entry.startEpochNanos();
    if (clock != null && clock.covers(startEpochNanos)) {
      streams.enter(leg, clock.toMonotonicNanos(startEpochNanos));
    }
  }

  /** The leg has left. */
  void forget(Leg leg) {
    streams.forget(leg);
  }

  private static PartialReason firstOf(PartialReason one, PartialReason other) {
    return one == PartialReason.NONE ? other : one;
  }

  private PartialReason findDownstream(Leg leg, long errorNanos) {
    AccessLogEntry entry = leg.entry;
    ConnectionExchanges connection =
        exchanges.onDownstream(entry.proxy().podAddress(), entry.downstreamRemote());
    if (connection != null && connection.isOfStreams()) {
      return streams.findDownstream(leg, connection, errorNanos);
    }
    boolean outsideThePod = !leg.isSource() || leg.isGateway();
    if (entry.downstreamHttp2() && outsideThePod) {
      leg.linkByLog |= !leg.isSource();
      leg.farSideByLog |= leg.isSource();
      if (!leg.isSource()) {
        linkQueue.find(
            leg, connection, true, leg.startNanos + Math.max(0, entry.lastDownstreamRxNanos()));
      }
      return PartialReason.NONE;
    }
    return findDownstreamTurn(leg, connection, errorNanos);
  }

  private static PartialReason findDownstreamTurn(
      Leg leg, ConnectionExchanges connection, long errorNanos) {
    AccessLogEntry entry = leg.entry;
    PartialReason missing = leg.missing(true);
    int count = connection == null ? 0 : connection.countUpTo(leg.startNanos + errorNanos);
    Exchange last = count == 0 ? null : connection.get(count - 1);
    if (last == null
        || last.isTaken()
        || last.acceptor().firstReadNanos() == 0
        || isCutFromStreams(leg, true)) {
      return missing;
    }
    ExchangeEnd end = last.acceptor();
    if (end.firstSendNanos() == 0) {
      return PartialReason.INCOMPLETE_EXCHANGE;
    }
    if (leg.startNanos > end.firstSendNanos() + errorNanos) {
      return missing; // an earlier request's: it had been answered before this one started
    }
    if (isPreviousPossible(leg, connection, count - 1, errorNanos)
        || isNextPossible(leg, end, errorNanos)) {
      return PartialReason.AMBIGUOUS_EXCHANGE;
    }
    if (isTruncated(leg, end, end.lastSendNanos(), entry.lastDownstreamTxNanos())) {
      return PartialReason.INCOMPLETE_EXCHANGE;
    }
    leg.downstream = last;
    return PartialReason.NONE;
  }

  /** Whether the stream may have started before that exchange, in the one before it. */
  private static boolean isPreviousPossible(
      Leg leg, ConnectionExchanges connection, int at, long errorNanos) {
    Exchange found = connection.get(at);
    if (at == 0 || found.acceptor().firstReadNanos() <= leg.startNanos - errorNanos) {
      return false;
    }
    Exchange previous = connection.get(at - 1);
    return leg.startNanos <= previous.acceptor().firstSendNanos() + errorNanos
        && !isToldById(found, previous, leg.entry.requestId());
  }

  /**
   * Whether the stream may have started after that exchange, in one that was not seen: by then it
   * may have been answered, and it had been read long before.
   */
  private static boolean isNextPossible(Leg leg, ExchangeEnd found, long errorNanos) {
    return leg.startNanos > found.firstSendNanos() - errorNanos
        && leg.startNanos > found.firstReadNanos() + 2 * errorNanos;
  }

  /** Whether the request ids on the wire say whose the exchange is, of the two. */
  private static boolean isToldById(Exchange found, Exchange rival, String requestId) {
    return !requestId.isEmpty()
        && requestId.equals(sentRequestId(found))
        && !requestId.equals(sentRequestId(rival));
  }

  private static String sentRequestId(Exchange exchange) {
    return exchange.initiator() == null ? "" : exchange.initiator().requestId();
  }

  private PartialReason findUpstream(Leg leg, long errorNanos) {
    AccessLogEntry entry = leg.entry;
    long sentNanos = leg.startNanos + entry.firstUpstreamTxNanos();
    ConnectionExchanges connection =
        exchanges.onUpstream(
            entry.proxy().podAddress(), entry.upstreamLocal(), entry.upstreamRemote());
    if (connection != null && connection.isOfStreams()) {
      return streams.findUpstream(leg, connection, errorNanos);
    }
    boolean outsideThePod = leg.isSource() || leg.isGateway();
    if (entry.upstreamHttp2() && outsideThePod) {
      leg.linkByLog |= leg.isSource();
      leg.farSideByLog |= !leg.isSource();
      if (leg.isSource()) {
        linkQueue.find(leg, connection, false, leg.startNanos + entry.lastUpstreamRxNanos());
      }
      return PartialReason.NONE;
    }
    return findUpstreamTurn(leg, connection, sentNanos, errorNanos);
  }

  private static PartialReason findUpstreamTurn(
      Leg leg, ConnectionExchanges connection, long sentNanos, long errorNanos) {
    PartialReason missing = leg.missing(false);
    if (connection == null || isCutFromStreams(leg, false)) {
      return missing;
    }
    int at = connection.countUpTo(sentNanos);
    while (at > 0 && connection.get(at - 1).initiator().lastReadNanos() >= sentNanos) {
      at--;
    }
    while (at < connection.size() && connection.get(at).initiator().lastReadNanos() < sentNanos) {
      at++;
    }
    if (at == connection.size()) {
      return missing;
    }
    Exchange first = connection.get(at);
    ExchangeEnd end = first.initiator();
    if (first.isTaken() || isTooLate(leg, end, errorNanos)) {
      return missing;
    }
    if (isTruncated(leg, end, end.lastReadNanos(), leg.entry.lastUpstreamRxNanos())) {
      return PartialReason.INCOMPLETE_EXCHANGE;
    }
    if (isNeighbourPossible(leg, connection, at, sentNanos, errorNanos)) {
      return PartialReason.AMBIGUOUS_EXCHANGE;
    }
    leg.upstream = first;
    return PartialReason.NONE;
  }

  /**
   * Whether Envoy may have sent the request in the exchange before that one, or after it: what was
   * sent and answered within the error of the clock cannot be placed.
   */
  private static boolean isNeighbourPossible(
      Leg leg, ConnectionExchanges connection, int at, long sentNanos, long errorNanos) {
    Exchange found = connection.get(at);
    String requestId = leg.entry.requestId();
    if (at > 0) {
      Exchange previous = connection.get(at - 1);
      if (Math.min(previous.initiator().lastSendNanos(), previous.initiator().lastReadNanos())
              >= sentNanos - errorNanos
          && !isToldById(found, previous, requestId)) {
        return true;
      }
    }
    return found.initiator().lastReadNanos() < sentNanos + errorNanos
        && at + 1 < connection.size()
        && !isToldById(found, connection.get(at + 1), requestId);
  }

  /** Its response was read only after Envoy had begun its own. */
  private static boolean isTooLate(Leg leg, ExchangeEnd upstream, long errorNanos) {
    long firstTxNanos = leg.entry.firstDownstreamTxNanos();
    if (leg.downstream == null && firstTxNanos == AccessLogEntry.ABSENT) {
      return true; // no response, or none that we know of
    }
    long answeredNanos =
        leg.downstream == null
            ? leg.startNanos + firstTxNanos
            : leg.downstreamEnd().firstSendNanos();
    return upstream.firstReadNanos() > answeredNanos + errorNanos;
  }

  /** What the log knows to be HTTP/2 and the kernel could not read is no sequence of requests. */
  private static boolean isCutFromStreams(Leg leg, boolean accepted) {
    return accepted ? leg.entry.downstreamHttp2() : leg.entry.upstreamHttp2();
  }

  private PartialReason findApp(Leg leg) {
    Exchange hop = leg.isSource() ? leg.downstream : leg.upstream;
    if (leg.isGateway() || hop == null) {
      return PartialReason.NONE; // the reason is the hop's, if any
    }
    ExchangeEnd proxyEnd = leg.isSource() ? hop.acceptor() : hop.initiator();
    leg.app = leg.isSource() ? hop.initiator() : hop.acceptor();
    if (leg.app == null) {
      Exchange other = exchanges.otherEnd(proxyEnd);
      if (other == null || !isAppOf(hop, proxyEnd, other)) {
        if (leg.isSource() && proxyEnd.isStream()) {
          leg.refuseHop(); // the app's end alone has the id that tells whose stream it is
        }
        return leg.isSource() ? PartialReason.NO_SOURCE_APP : PartialReason.NO_DESTINATION_APP;
      }
      leg.appExchange = other;
      leg.app = other.end(leg.isSource());
    }
    ExchangeEnd sender = leg.isSource() ? leg.app : proxyEnd;
    if (sender.requestId().isEmpty() || sender.requestId().equals(leg.entry.requestId())) {
      return PartialReason.NONE;
    }
    leg.refuseHop();
    return PartialReason.REQUEST_ID_MISMATCH;
  }

  private static boolean isAppOf(Exchange hop, ExchangeEnd proxyEnd, Exchange other) {
    return other.podAddress().equals(hop.podAddress())
        && !other.isTaken()
        && other.end(!proxyEnd.initiator()).http2StreamId() == proxyEnd.http2StreamId();
  }

  private static boolean isTruncated(
      Leg leg, ExchangeEnd end, long lastSeenNanos, long lastStampNanos) {
    return (end.flags() & ExchangeEnd.IDLE_FLUSH) != 0
        && lastStampNanos != AccessLogEntry.ABSENT
        && !leg.entry.isUpgraded()
        && leg.startNanos + lastStampNanos > lastSeenNanos + TRUNCATED_NANOS;
  }

  /**
   * Envoy stamps "sent" before the kernel sees the send, and "received" after the kernel saw the
   * read.
   */
  private static boolean isOrderViolated(Leg leg, long errorNanos) {
    AccessLogEntry entry = leg.entry;
    ExchangeEnd upstream = leg.upstreamEnd();
    return upstream.lastSendNanos() < leg.startNanos + entry.firstUpstreamTxNanos() - errorNanos
        || (entry.firstUpstreamRxNanos() != AccessLogEntry.ABSENT
            && upstream.firstReadNanos()
                > leg.startNanos + entry.firstUpstreamRxNanos() + errorNanos);
  }
}
