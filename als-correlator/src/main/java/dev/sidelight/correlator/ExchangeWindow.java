/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.correlator;

import dev.sidelight.correlator.CorrelatorMetrics.RecordOutcome;
import dev.sidelight.correlator.CorrelatorMetrics.RecordType;
import it.unimi.dsi.fastutil.ints.Int2ObjectOpenHashMap;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The exchanges of the last seconds, found by connection, by stream position and by request id. One
 * thread.
 *
 * <p>Holds at most a given number of ends; each leaves as taken by a call, expired, superseded or
 * pushed out by newer ones, and is counted then.
 */
final class ExchangeWindow {

  private static final Comparator<Exchange> BY_INITIATOR_TIME =
      Comparator.comparingLong(exchange -> firstSeenNanos(exchange.initiator()));
  private static final Comparator<Exchange> BY_ACCEPTOR_TIME =
      Comparator.comparingLong(exchange -> firstSeenNanos(exchange.acceptor()));

  // deps
  private final CorrelatorSettings settings;
  private final CorrelatorMetrics metrics;

  // state
  private final ArrayDeque<Exchange> byAge = new ArrayDeque<>();
  private final Map<ConnectionKey, List<Exchange>> byConnection = new HashMap<>();
  private final Int2ObjectOpenHashMap<List<Exchange>> byRequestEnd = new Int2ObjectOpenHashMap<>();
  private final Map<PodRequest, List<Exchange>> outboundHops = new HashMap<>();
  private final Map<EndKey, Exchange> bySocket = new HashMap<>();
  private int ends;
  private int pendingEnds;

  ExchangeWindow(CorrelatorSettings settings, CorrelatorMetrics metrics) {
    this.settings = settings;
    this.metrics = metrics;
  }

  void add(HopRecord hop, long nowNanos) {
    Exchange exchange = new Exchange(hop, nowNanos);
    metrics.received(RecordType.END, exchange.endCount());
    if (!makeRoomFor(exchange)) {
      return;
    }
    while (ends + exchange.endCount() > settings.maxPendingEnds() && !byAge.isEmpty()) {
      leave(byAge.poll(), RecordOutcome.DROPPED, "capacity");
    }
    byAge.add(exchange);
    ends += exchange.endCount();
    pendingEnds += exchange.endCount();
    index(hop.initiator(), exchange);
    index(hop.acceptor(), exchange);
    if (exchange.isOutboundHop() && !hop.initiator().requestId().isEmpty()) {
      outboundHops
          .computeIfAbsent(PodRequest.of(exchange), key -> new ArrayList<>(2))
          .add(exchange);
    }
  }

  /** Exchanges of one connection, in the order of their time. */
  List<Exchange> onConnection(ConnectionKey key) {
    return byConnection.getOrDefault(key, List.of());
  }

  /**
   * The other end of an exchange, wherever it was seen: by the position of the request's and of the
   * response's last byte. Null where none or several fit.
   */
  Exchange otherEnd(ExchangeEnd end) {
    Exchange found = null;
    for (Exchange exchange : byRequestEnd.getOrDefault(end.requestEnd(), List.of())) {
      ExchangeEnd other = end.initiator() ? exchange.acceptor() : exchange.initiator();
      if (other != null
          && other.requestEnd() == end.requestEnd()
          && other.responseEnd() == end.responseEnd()) {
        if (found != null) {
          return null;
        }
        found = exchange;
      }
    }
    return found;
  }

  /** The app's own outbound calls of one request id. */
  List<Exchange> outboundHops(String podAddress, String requestId) {
    return outboundHops.getOrDefault(new PodRequest(podAddress, requestId), List.of());
  }

  void take(Exchange exchange, RecordOutcome outcome, String reason) {
    if (exchange != null && !exchange.isTaken()) {
      exchange.take(outcome);
      pendingEnds -= exchange.endCount();
      metrics.ended(RecordType.END, outcome, reason, exchange.endCount());
    }
  }

  void expire(long nowNanos) {
    while (!byAge.isEmpty() && byAge.peek().receivedNanos() + settings.windowNanos() <= nowNanos) {
      leave(byAge.poll(), RecordOutcome.EXPIRED, "no_entry");
    }
    metrics.pending(RecordType.END, pendingEnds);
  }

  /** False where the record brings nothing new; what it replaces has left then. */
  private boolean makeRoomFor(Exchange exchange) {
    for (ExchangeEnd end : endsOf(exchange)) {
      Exchange old = bySocket.get(EndKey.of(exchange, end));
      if (old == null) {
        continue;
      }
      if (old.isTaken() || exchange.endCount() < old.endCount()) {
        metrics.ended(RecordType.END, RecordOutcome.DROPPED, "late_supersede", exchange.endCount());
        return false;
      }
      byAge.remove(old);
      leave(old, RecordOutcome.DROPPED, "superseded");
    }
    return true;
  }

  private void index(ExchangeEnd end, Exchange exchange) {
    if (end == null) {
      return;
    }
    List<Exchange> connection =
        byConnection.computeIfAbsent(
            ConnectionKey.of(exchange.podAddress(), end), key -> new ArrayList<>(4));
    connection.add(exchange);
    connection.sort(end.initiator() ? BY_INITIATOR_TIME : BY_ACCEPTOR_TIME);
    byRequestEnd.computeIfAbsent(end.requestEnd(), key -> new ArrayList<>(2)).add(exchange);
    bySocket.put(EndKey.of(exchange, end), exchange);
  }

  private void leave(Exchange exchange, RecordOutcome outcome, String reason) {
    take(exchange, outcome, reason);
    ends -= exchange.endCount();
    for (ExchangeEnd end : endsOf(exchange)) {
      removeFrom(byConnection, ConnectionKey.of(exchange.podAddress(), end), exchange);
      removeFrom(byRequestEnd, end.requestEnd(), exchange);
      bySocket.remove(EndKey.of(exchange, end), exchange);
    }
    if (exchange.isOutboundHop()) {
      removeFrom(outboundHops, PodRequest.of(exchange), exchange);
    }
  }

  private static <K> void removeFrom(Map<K, List<Exchange>> index, K key, Exchange exchange) {
    List<Exchange> list = index.get(key);
    if (list != null && list.remove(exchange) && list.isEmpty()) {
      index.remove(key);
    }
  }

  private static List<ExchangeEnd> endsOf(Exchange exchange) {
    if (exchange.initiator() == null) {
      return List.of(exchange.acceptor());
    }
    return exchange.acceptor() == null
        ? List.of(exchange.initiator())
        : List.of(exchange.initiator(), exchange.acceptor());
  }

  private static long firstSeenNanos(ExchangeEnd end) {
    return end.initiator() ? end.firstSendNanos() : end.firstReadNanos();
  }

  private record PodRequest(String podAddress, String requestId) {
    static PodRequest of(Exchange exchange) {
      return new PodRequest(exchange.podAddress(), exchange.initiator().requestId());
    }
  }

  private record EndKey(String node, long socketCookie, int exchangeIndex) {
    static EndKey of(Exchange exchange, ExchangeEnd end) {
      return new EndKey(exchange.node(), end.socketCookie(), end.exchangeIndex());
    }
  }
}
