/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.correlator;

/**
 * The first stage of the join: an access log entry finds its exchanges in its own pod, by the
 * connections' addresses and by time, and from Envoy's end of the hop the app's, by stream
 * position. What does not agree is refused. One thread.
 */
final class PodJoin {

  /**
   * An exchange is flushed as idle after 200 ms of silence: what Envoy stamps later than half of it
   * after the record's last event is missing in it.
   */
  private static final long TRUNCATED_NANOS = 100_000_000;

  // deps
  private final ExchangeWindow exchanges;

  PodJoin(ExchangeWindow exchanges) {
    this.exchanges = exchanges;
  }

  /** Tries to find what the leg lacks; leaves the reason in it where that fails for now. */
  void resolve(Leg leg, NodeClock clock) {
    if (clock == null || clock.isEmpty()) {
      leg.reason = PartialReason.NO_CLOCK;
      return;
    }
    long startNanos = clock.toMonotonicNanos(leg.entry.startEpochNanos());
    long errorNanos = clock.errorNanos(leg.entry.startEpochNanos());
    leg.reason = findDownstream(leg, startNanos, errorNanos);
    if (leg.isResolved()) {
      leg.reason = findUpstream(leg, startNanos, errorNanos);
    }
    if (leg.isResolved()) {
      leg.reason = findApp(leg);
    }
    if (leg.isResolved()) {
      leg.orderViolated = isOrderViolated(leg, startNanos, errorNanos);
    }
  }

  private PartialReason findDownstream(Leg leg, long startNanos, long errorNanos) {
    AccessLogEntry entry = leg.entry;
    PartialReason missing =
        leg.isSource()
            ? PartialReason.NO_SOURCE_DOWNSTREAM
            : PartialReason.NO_DESTINATION_DOWNSTREAM;
    Exchange last =
        lastReadUpTo(
            startNanos + errorNanos,
            exchanges.onDownstream(entry.proxy().podAddress(), entry.downstreamRemote()));
    if (last == null || last.isTaken()) {
      return missing;
    }
    ExchangeEnd end = last.acceptor();
    if (end.firstSendNanos() == 0) {
      return PartialReason.INCOMPLETE_EXCHANGE;
    }
    if (startNanos > end.firstSendNanos() + errorNanos) {
      return missing; // an earlier request's: it had been answered before this one started
    }
    if (isTruncated(end, end.lastSendNanos(), startNanos, entry.lastDownstreamTxNanos())) {
      return PartialReason.INCOMPLETE_EXCHANGE;
    }
    leg.downstream = last;
    return PartialReason.NONE;
  }

  private PartialReason findUpstream(Leg leg, long startNanos, long errorNanos) {
    AccessLogEntry entry = leg.entry;
    if (entry.upstreamLocal() == null
        || entry.upstreamRemote() == null
        || entry.firstUpstreamTxNanos() == AccessLogEntry.ABSENT) {
      return PartialReason.NO_UPSTREAM;
    }
    PartialReason missing =
        leg.isSource() ? PartialReason.NO_SOURCE_UPSTREAM : PartialReason.NO_DESTINATION_UPSTREAM;
    long sentNanos = startNanos + entry.firstUpstreamTxNanos();
    Exchange exchange =
        firstAnsweredAfter(
            sentNanos,
            exchanges.onUpstream(
                entry.proxy().podAddress(), entry.upstreamLocal(), entry.upstreamRemote()));
    if (exchange == null) {
      return missing;
    }
    ExchangeEnd end = exchange.initiator();
    if (exchange.isTaken()
        || end.firstReadNanos() > leg.downstreamEnd().firstSendNanos() + errorNanos) {
      return missing;
    }
    if (isTruncated(end, end.lastReadNanos(), startNanos, entry.lastUpstreamRxNanos())) {
      return PartialReason.INCOMPLETE_EXCHANGE;
    }
    leg.upstream = exchange;
    return PartialReason.NONE;
  }

  /** The last whose request had begun to be read by then. */
  private static Exchange lastReadUpTo(long nanos, ConnectionExchanges connection) {
    int count = connection == null ? 0 : connection.countUpTo(nanos);
    Exchange last = count == 0 ? null : connection.get(count - 1);
    return last == null || last.acceptor().firstReadNanos() == 0 ? null : last;
  }

  /** The first whose response was read after that; they follow one another. */
  private static Exchange firstAnsweredAfter(long nanos, ConnectionExchanges connection) {
    int size = connection == null ? 0 : connection.size();
    int index = size == 0 ? 0 : connection.countUpTo(nanos);
    while (index > 0 && connection.get(index - 1).initiator().lastReadNanos() >= nanos) {
      index--;
    }
    while (index < size && connection.get(index).initiator().lastReadNanos() < nanos) {
      index++;
    }
    return index < size ? connection.get(index) : null;
  }

  private PartialReason findApp(Leg leg) {
    if (leg.isGateway()) {
      return PartialReason.NONE;
    }
    Exchange hop = leg.isSource() ? leg.downstream : leg.upstream;
    ExchangeEnd proxyEnd = leg.isSource() ? hop.acceptor() : hop.initiator();
    leg.app = leg.isSource() ? hop.initiator() : hop.acceptor();
    if (leg.app == null) {
      Exchange other = exchanges.otherEnd(proxyEnd);
      if (other == null || !other.podAddress().equals(hop.podAddress()) || other.isTaken()) {
        return leg.isSource() ? PartialReason.NO_SOURCE_APP : PartialReason.NO_DESTINATION_APP;
      }
      leg.appExchange = other;
      leg.app = leg.isSource() ? other.initiator() : other.acceptor();
    }
    ExchangeEnd sender = leg.isSource() ? leg.app : proxyEnd;
    return sender.requestId().isEmpty() || sender.requestId().equals(leg.entry.requestId())
        ? PartialReason.NONE
        : PartialReason.REQUEST_ID_MISMATCH;
  }

  private static boolean isTruncated(
      ExchangeEnd end, long lastSeenNanos, long startNanos, long lastStampNanos) {
    return (end.flags() & ExchangeEnd.IDLE_FLUSH) != 0
        && lastStampNanos != AccessLogEntry.ABSENT
        && startNanos + lastStampNanos > lastSeenNanos + TRUNCATED_NANOS;
  }

  /**
   * Envoy stamps "sent" before the kernel sees the send, and "received" after the kernel saw the
   * read.
   */
  private static boolean isOrderViolated(Leg leg, long startNanos, long errorNanos) {
    AccessLogEntry entry = leg.entry;
    ExchangeEnd upstream = leg.upstreamEnd();
    return upstream.lastSendNanos() < startNanos + entry.firstUpstreamTxNanos() - errorNanos
        || (entry.firstUpstreamRxNanos() != AccessLogEntry.ABSENT
            && upstream.firstReadNanos() > startNanos + entry.firstUpstreamRxNanos() + errorNanos);
  }
}
