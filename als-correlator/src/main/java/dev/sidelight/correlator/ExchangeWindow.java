/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.correlator;

import dev.sidelight.correlator.CorrelatorMetrics.RecordOutcome;
import dev.sidelight.correlator.CorrelatorMetrics.RecordType;
import java.util.ArrayList;
import java.util.List;

/**
 * The exchanges of the last seconds, found by connection, by stream position and by request id. One
 * thread.
 *
 * <p>Holds at most a given number of ends; each leaves as taken by a call, expired, superseded or
 * pushed out by newer ones, and is counted then. What has left is used again, so that in the steady
 * state nothing is allocated.
 */
final class ExchangeWindow {

  // deps
  private final CorrelatorSettings settings;
  private final CorrelatorMetrics metrics;

  // state
  private final LinkedTable<ConnectionExchanges> connections = new ConnectionTable();
  private final LinkedTable<Exchange> byInitiatorEnd = new RequestEndTable(true);
  private final LinkedTable<Exchange> byAcceptorEnd = new RequestEndTable(false);
  private final LinkedTable<Exchange> byInitiatorSocket = new SocketTable(true);
  private final LinkedTable<Exchange> byAcceptorSocket = new SocketTable(false);
  private final LinkedTable<Exchange> outboundHops = new OutboundTable();
  private Exchange oldest;
  private Exchange newest;
  private Exchange unused;
  private int ends;
  private int pendingEnds;

  ExchangeWindow(CorrelatorSettings settings, CorrelatorMetrics metrics) {
    this.settings = settings;
    this.metrics = metrics;
  }

  void add(HopRecord hop, long nowNanos) {
    int endCount = Exchange.endCount(hop);
    metrics.received(RecordType.END, endCount);
    if (!makeRoomFor(hop, hop.initiator()) || !makeRoomFor(hop, hop.acceptor())) {
      metrics.ended(RecordType.END, RecordOutcome.DROPPED, "late_supersede", endCount);
      return;
    }
    while (ends + endCount > settings.maxPendingEnds() && oldest != null) {
      leave(oldest, RecordOutcome.DROPPED, "capacity");
    }
    Exchange exchange = exchangeOf(hop, nowNanos);
    append(exchange);
    ends += endCount;
    pendingEnds += endCount;
    if (hop.initiator() != null) {
      exchange.initiatorConnection = connectionOf(hop.podAddress(), hop.initiator());
      exchange.initiatorConnection.insert(exchange);
      byInitiatorEnd.add(exchange);
      byInitiatorSocket.add(exchange);
    }
    if (hop.acceptor() != null) {
      exchange.acceptorConnection = connectionOf(hop.podAddress(), hop.acceptor());
      exchange.acceptorConnection.insert(exchange);
      byAcceptorEnd.add(exchange);
      byAcceptorSocket.add(exchange);
    }
    if (isFoundByRequest(exchange)) {
      outboundHops.add(exchange);
    }
  }

  /** Exchanges of one connection, in the order of their time; null where there are none. */
  ConnectionExchanges onDownstream(String podAddress, SocketAddress peer) {
    return find(podAddress, true, peer, null);
  }

  /** The same of a connection that the pod opened. */
  ConnectionExchanges onUpstream(String podAddress, SocketAddress local, SocketAddress peer) {
    return find(podAddress, false, local, peer);
  }

  /** Exchanges of one connection, in the order of their time. */
  List<Exchange> onConnection(ConnectionKey key) {
    ConnectionExchanges found = find(key.podAddress(), key.accepted(), key.near(), key.far());
    return found == null ? List.of() : found;
  }

  /**
   * The other end of an exchange, wherever it was seen: by the position of the request's and of the
   * response's last byte. Null where none or several fit.
   */
  Exchange otherEnd(ExchangeEnd end) {
    LinkedTable<Exchange> table = end.initiator() ? byAcceptorEnd : byInitiatorEnd;
    Exchange found = null;
    for (Exchange at = table.first(end.requestEnd()); at != null; at = table.next(at)) {
      ExchangeEnd other = at.end(!end.initiator());
      if (other.requestEnd() == end.requestEnd() && other.responseEnd() == end.responseEnd()) {
        if (found != null) {
          return null;
        }
        found = at;
      }
    }
    return found;
  }

  /** The app's own outbound calls of one request id. */
  List<Exchange> outboundHops(String podAddress, String requestId) {
    List<Exchange> found = List.of();
    int hash = OutboundTable.hash(podAddress, requestId);
    for (Exchange at = outboundHops.first(hash); at != null; at = outboundHops.next(at)) {
      if (at.initiator().requestId().equals(requestId) && at.podAddress().equals(podAddress)) {
        if (found.isEmpty()) {
          found = new ArrayList<>(4);
        }
        found.add(at);
      }
    }
    return found;
  }

  void take(Exchange exchange, RecordOutcome outcome, String reason) {
    if (exchange != null && !exchange.isTaken()) {
      exchange.take(outcome);
      pendingEnds -= exchange.endCount();
      metrics.ended(RecordType.END, outcome, reason, exchange.endCount());
    }
  }

  void expire(long nowNanos) {
    while (oldest != null && oldest.receivedNanos() + settings.windowNanos() <= nowNanos) {
      leave(oldest, RecordOutcome.EXPIRED, "no_entry");
    }
    metrics.pending(RecordType.END, pendingEnds);
  }

  private Exchange exchangeOf(HopRecord hop, long nowNanos) {
    if (unused == null) {
      return new Exchange(hop, nowNanos);
    }
    Exchange exchange = unused;
    unused = exchange.newer;
    exchange.reset(hop, nowNanos);
    return exchange;
  }

  /** False where the record brings nothing new; what it replaces has left then. */
  private boolean makeRoomFor(HopRecord hop, ExchangeEnd end) {
    Exchange old = end == null ? null : ofSocket(hop.node(), end);
    if (old == null) {
      return true;
    }
    if (old.isTaken() || Exchange.endCount(hop) < old.endCount()) {
      return false;
    }
    old.supersede();
    leave(old, RecordOutcome.DROPPED, "superseded");
    return true;
  }

  private Exchange ofSocket(String node, ExchangeEnd end) {
    LinkedTable<Exchange> table = end.initiator() ? byInitiatorSocket : byAcceptorSocket;
    for (Exchange at = table.first(SocketTable.hash(end)); at != null; at = table.next(at)) {
      ExchangeEnd other = at.end(end.initiator());
      if (other.socketCookie() == end.socketCookie()
          && other.exchangeIndex() == end.exchangeIndex()
          && at.node().equals(node)) {
        return at;
      }
    }
    return null;
  }

  private ConnectionExchanges connectionOf(String podAddress, ExchangeEnd end) {
    boolean accepted = !end.initiator();
    SocketAddress near = accepted ? end.remote() : end.local();
    ConnectionExchanges found = find(podAddress, accepted, near, end.remote());
    if (found == null) {
      found = new ConnectionExchanges(podAddress, accepted, near, end.remote());
      connections.add(found);
    }
    return found;
  }

  private ConnectionExchanges find(
      String podAddress, boolean accepted, SocketAddress near, SocketAddress far) {
    int hash = ConnectionExchanges.hash(podAddress, accepted, near, far);
    ConnectionExchanges at = connections.first(hash);
    while (at != null && !at.isOf(podAddress, accepted, near, far)) {
      at = at.next;
    }
    return at;
  }

  private void append(Exchange exchange) {
    exchange.older = newest;
    exchange.newer = null;
    if (newest == null) {
      oldest = exchange;
    } else {
      newest.newer = exchange;
    }
    newest = exchange;
  }

  private void leave(Exchange exchange, RecordOutcome outcome, String reason) {
    take(exchange, outcome, reason);
    ends -= exchange.endCount();
    if (isFoundByRequest(exchange)) {
      outboundHops.remove(exchange);
    }
    if (exchange.initiator() != null) {
      byInitiatorEnd.remove(exchange);
      byInitiatorSocket.remove(exchange);
      leave(exchange, exchange.initiatorConnection);
    }
    if (exchange.acceptor() != null) {
      byAcceptorEnd.remove(exchange);
      byAcceptorSocket.remove(exchange);
      leave(exchange, exchange.acceptorConnection);
    }
    unlink(exchange);
    if (!exchange.isClaimed()) {
      exchange.clear();
      exchange.newer = unused;
      unused = exchange;
    }
  }

  private void leave(Exchange exchange, ConnectionExchanges connection) {
    connection.delete(exchange);
    if (connection.isEmpty()) {
      connections.remove(connection);
    }
  }

  private void unlink(Exchange exchange) {
    if (exchange.older == null) {
      oldest = exchange.newer;
    } else {
      exchange.older.newer = exchange.newer;
    }
    if (exchange.newer == null) {
      newest = exchange.older;
    } else {
      exchange.newer.older = exchange.older;
    }
  }

  private static boolean isFoundByRequest(Exchange exchange) {
    return exchange.isOutboundHop() && !exchange.initiator().requestId().isEmpty();
  }

  private static final class ConnectionTable extends LinkedTable<ConnectionExchanges> {
    @Override
    int hashOf(ConnectionExchanges entry) {
      return entry.hash();
    }

    @Override
    ConnectionExchanges next(ConnectionExchanges entry) {
      return entry.next;
    }

    @Override
    void setNext(ConnectionExchanges entry, ConnectionExchanges next) {
      entry.next = next;
    }
  }

  /** By the position after the request's last byte. */
  private static final class RequestEndTable extends LinkedTable<Exchange> {
    private final boolean initiator;

    RequestEndTable(boolean initiator) {
      this.initiator = initiator;
    }

    @Override
    int hashOf(Exchange entry) {
      return entry.end(initiator).requestEnd();
    }

    @Override
    Exchange next(Exchange entry) {
      return initiator ? entry.nextByInitiatorEnd : entry.nextByAcceptorEnd;
    }

    @Override
    void setNext(Exchange entry, Exchange next) {
      if (initiator) {
        entry.nextByInitiatorEnd = next;
      } else {
        entry.nextByAcceptorEnd = next;
      }
    }
  }

  /** By socket and index. */
  private static final class SocketTable extends LinkedTable<Exchange> {
    private final boolean initiator;

    SocketTable(boolean initiator) {
      this.initiator = initiator;
    }

    static int hash(ExchangeEnd end) {
      return 31 * Long.hashCode(end.socketCookie()) + end.exchangeIndex();
    }

    @Override
    int hashOf(Exchange entry) {
      return hash(entry.end(initiator));
    }

    @Override
    Exchange next(Exchange entry) {
      return initiator ? entry.nextByInitiatorSocket : entry.nextByAcceptorSocket;
    }

    @Override
    void setNext(Exchange entry, Exchange next) {
      if (initiator) {
        entry.nextByInitiatorSocket = next;
      } else {
        entry.nextByAcceptorSocket = next;
      }
    }
  }

  /** By pod and request id. */
  private static final class OutboundTable extends LinkedTable<Exchange> {

    static int hash(String podAddress, String requestId) {
      return 31 * podAddress.hashCode() + requestId.hashCode();
    }

    @Override
    int hashOf(Exchange entry) {
      return hash(entry.podAddress(), entry.initiator().requestId());
    }

    @Override
    Exchange next(Exchange entry) {
      return entry.nextOutboundHop;
    }

    @Override
    void setNext(Exchange entry, Exchange next) {
      entry.nextOutboundHop = next;
    }
  }
}
