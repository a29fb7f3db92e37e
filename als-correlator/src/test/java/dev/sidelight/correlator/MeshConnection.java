/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.correlator;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** One TCP connection of the tests' mesh: where its streams stand, and when it is free again. */
final class MeshConnection {

  // deps
  final SocketAddress initiatorLocal;
  final SocketAddress initiatorRemote;
  final SocketAddress acceptorLocal;
  final SocketAddress acceptorRemote;
  private final long cookie;

  // state
  private final List<Exchange> streams = new ArrayList<>();
  private int nextExchange;
  private int requestPosition;
  private int responsePosition;

  /** True time from which it is there. */
  long openedNanos;

  /** True time at which the last of its calls so far has ended. */
  long freeNanos;

  long connectNanos;

  /**
   * A connection.
   *
   * @param cookie names the initiator's socket; the acceptor's is the next number
   */
  MeshConnection(
      long cookie,
      SocketAddress initiatorLocal,
      SocketAddress initiatorRemote,
      SocketAddress acceptorLocal,
      SocketAddress acceptorRemote) {
    this.cookie = cookie;
    this.initiatorLocal = initiatorLocal;
    this.initiatorRemote = initiatorRemote;
    this.acceptorLocal = acceptorLocal;
    this.acceptorRemote = acceptorRemote;
    // Far apart for each connection, as TCP's are; the first wraps around early.
    this.requestPosition = (int) (cookie * 0x9E3779B9L) - 500;
    this.responsePosition = (int) (cookie * 0x85EBCA6BL) - 300;
  }

  /** Whether it is the other one, or that one opened anew. */
  boolean hasAddressesOf(MeshConnection other) {
    return initiatorLocal.equals(other.initiatorLocal)
        && initiatorRemote.equals(other.initiatorRemote);
  }

  /**
   * The next exchange, its ends without times.
   *
   * @param sentNanos true time at which its request is sent
   */
  Exchange next(long sentNanos, int requestBytes, int responseBytes, boolean http2) {
    TestEnd initiator = end(true, cookie, initiatorLocal, initiatorRemote);
    initiator.sendStart = requestPosition;
    initiator.receiveStart = responsePosition;
    TestEnd acceptor = end(false, cookie + 1, acceptorLocal, acceptorRemote);
    acceptor.sendStart = responsePosition;
    acceptor.receiveStart = requestPosition;
    nextExchange++;
    requestPosition += requestBytes;
    responsePosition += responseBytes;
    initiator.sendEnd = requestPosition;
    initiator.receiveEnd = responsePosition;
    acceptor.sendEnd = responsePosition;
    acceptor.receiveEnd = requestPosition;
    Exchange exchange = new Exchange(initiator, acceptor, sentNanos);
    if (http2) {
      streams.add(exchange);
    }
    return exchange;
  }

  /** Once all are there: streams are numbered in the order in which their HEADERS are sent. */
  void numberStreams() {
    streams.sort(Comparator.comparingLong(Exchange::sentNanos));
    for (int i = 0; i < streams.size(); i++) {
      streams.get(i).initiator().http2StreamId = 2 * i + 1;
      streams.get(i).acceptor().http2StreamId = 2 * i + 1;
    }
  }

  private TestEnd end(
      boolean initiator, long socketCookie, SocketAddress local, SocketAddress remote) {
    TestEnd end = new TestEnd();
    end.initiator = initiator;
    end.socketCookie = socketCookie;
    end.exchangeIndex = nextExchange;
    end.local = local;
    end.remote = remote;
    return end;
  }

  /** Both ends of one exchange, and when its request is sent. */
  record Exchange(TestEnd initiator, TestEnd acceptor, long sentNanos) {}
}
