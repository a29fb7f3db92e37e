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
  private ConnectionExchanges unusedConnection;
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
      indexInitiator(exchange, hop.initiator());
    }
    if (hop.acceptor() != null) {
      indexAcceptor(exchange, hop.acceptor());
    }
    exchange.isOutbound = exchange.isOutboundHop() && !hop.initiator().requestId().isEmpty();
    if (exchange.isOutbound) {
      exchange.outboundHash = outboundHash(hop.podAddress(), hop.initiator().requestId());
      outboundHops.add(exchange);
    }
  }

  private void indexInitiator(Exchange exchange, ExchangeEnd end) {
    exchange.initiatorConnection = connectionOf(exchange.podAddress(), end);
    exchange.initiatorConnection.insert(exchange);
    exchange.initiatorEndHash = end.requestEnd();
    byInitiatorEnd.add(exchange);
    exchange.initiatorSocketHash = socketHash(end);
    byInitiatorSocket.add(exchange);
  }

  private void indexAcceptor(Exchange exchange, ExchangeEnd end) {
    exchange.acceptorConnection = connectionOf(exchange.podAddress(), end);
    exchange.acceptorConnection.insert(exchange);
    exchange.acceptorEndHash = end.requestEnd();
    byAcceptorEnd.add(exchange);
    exchange.acceptorSocketHash = socketHash(end);
    byAcceptorSocket.add(exchange);
  }

  /** Exchanges of one connection, in the order of their time; null where there are none. */
  ConnectionExchanges onDownstream(String podAddress, SocketAddress peer) {
    return find(podAddress, true, peer, null);
  }

  /** The same of a connection that the pod opened. */
  ConnectionExchanges onUpstream(String podAddress, SocketAddress local, SocketAddress peer) {
    return find(podAddress, false, local, peer);
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
      if (other.responseEnd() == end.responseEnd()) {
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
    int hash = outboundHash(podAddress, requestId);
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
    if (old.isTaken() || Exchange.endCount(hop) < old.endCount() || saysLess(end, old)) {
      return false;
    }
    old.supersede();
    leave(old, RecordOutcome.DROPPED, "superseded");
    return true;
  }

  /**
   * A flushed one, of before the connection lay idle, that comes after the one that followed it.
   */
  private static boolean saysLess(ExchangeEnd end, Exchange old) {
    ExchangeEnd known = old.end(end.initiator());
    return end.sendEnd() - known.sendEnd() < 0 || end.receiveEnd() - known.receiveEnd() < 0;
  }

  private Exchange ofSocket(String node, ExchangeEnd end) {
    LinkedTable<Exchange> table = end.initiator() ? byInitiatorSocket : byAcceptorSocket;
    for (Exchange at = table.first(socketHash(end)); at != null; at = table.next(at)) {
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
      found = unusedConnection();
      found.reset(podAddress, accepted, near, end.remote());
      connections.add(found);
    }
    return found;
  }

  private ConnectionExchanges unusedConnection() {
    if (unusedConnection == null) {
      return new ConnectionExchanges();
    }
    ConnectionExchanges connection = unusedConnection;
    unusedConnection = connection.link;
    return connection;
  }

  private ConnectionExchanges find(
      String podAddress, boolean accepted, SocketAddress near, SocketAddress far) {
    int hash = ConnectionExchanges.hash(podAddress, accepted, near, far);
    ConnectionExchanges at = connections.first(hash);
    while (at != null && !at.isOf(podAddress, accepted, near, far)) {
      at = connections.next(at);
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
    if (exchange.isOutbound) {
      outboundHops.remove(exchange);
    }
    if (exchange.initiatorConnection != null) {
      byInitiatorEnd.remove(exchange);
      byInitiatorSocket.remove(exchange);
      leave(exchange, exchange.initiatorConnection);
    }
    if (exchange.acceptorConnection != null) {
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
      if (connection.isSmall()) {
        connection.link = unusedConnection;
        unusedConnection = connection;
      }
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

  private static int socketHash(ExchangeEnd end) {
    return 31 * Long.hashCode(end.socketCookie()) + end.exchangeIndex();
  }

  private static int outboundHash(String podAddress, String requestId) {
    return 31 * podAddress.hashCode() + requestId.hashCode();
  }

  private static final class ConnectionTable extends LinkedTable<ConnectionExchanges> {
    @Override
    int hashOf(ConnectionExchanges entry) {
      return entry.hash();
    }

    @Override
    ConnectionExchanges link(ConnectionExchanges entry) {
      return entry.link;
    }

    @Override
    void setLink(ConnectionExchanges entry, ConnectionExchanges behind) {
      entry.link = behind;
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
      return initiator ? entry.initiatorEndHash : entry.acceptorEndHash;
    }

    @Override
    Exchange link(Exchange entry) {
      return initiator ? entry.initiatorEndLink : entry.acceptorEndLink;
    }

    @Override
    void setLink(Exchange entry, Exchange behind) {
      if (initiator) {
        entry.initiatorEndLink = behind;
      } else {
        entry.acceptorEndLink = behind;
      }
    }
  }

  /** By socket and index. */
  private static final class SocketTable extends LinkedTable<Exchange> {
    private final boolean initiator;

    SocketTable(boolean initiator) {
      this.initiator = initiator;
    }

    @Override
    int hashOf(Exchange entry) {
      return initiator ? entry.initiatorSocketHash : entry.acceptorSocketHash;
    }

    @Override
    Exchange link(Exchange entry) {
      return initiator ? entry.initiatorSocketLink : entry.acceptorSocketLink;
    }

    @Override
    void setLink(Exchange entry, Exchange behind) {
      if (initiator) {
        entry.initiatorSocketLink = behind;
      } else {
        entry.acceptorSocketLink = behind;
      }
    }
  }

  /** By pod and request id. */
  private static final class OutboundTable extends LinkedTable<Exchange> {
    @Override
    int hashOf(Exchange entry) {
      return entry.outboundHash;
    }

    @Override
    Exchange link(Exchange entry) {
      return entry.outboundLink;
    }

    @Override
    void setLink(Exchange entry, Exchange behind) {
      entry.outboundLink = behind;
    }
  }
}
