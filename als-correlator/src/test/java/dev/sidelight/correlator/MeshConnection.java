/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.correlator;

/** One TCP connection of the tests' mesh: where its streams stand, and when it is free again. */
final class MeshConnection {

  // deps
  final SocketAddress initiatorLocal;
  final SocketAddress initiatorRemote;
  final SocketAddress acceptorLocal;
  final SocketAddress acceptorRemote;
  private final long cookie;

  // state
  private int nextExchange;
  private int requestPosition;
  private int responsePosition;
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

  /** The next exchange, its ends without times. */
  Exchange next(int requestBytes, int responseBytes, boolean http2) {
    TestEnd initiator = end(true, cookie, initiatorLocal, initiatorRemote);
    initiator.sendStart = requestPosition;
    initiator.receiveStart = responsePosition;
    TestEnd acceptor = end(false, cookie + 1, acceptorLocal, acceptorRemote);
    acceptor.sendStart = responsePosition;
    acceptor.receiveStart = requestPosition;
    initiator.http2StreamId = http2 ? 2 * nextExchange + 1 : 0;
    acceptor.http2StreamId = initiator.http2StreamId;
    nextExchange++;
    requestPosition += requestBytes;
    responsePosition += responseBytes;
    initiator.sendEnd = requestPosition;
    initiator.receiveEnd = responsePosition;
    acceptor.sendEnd = responsePosition;
    acceptor.receiveEnd = requestPosition;
    return new Exchange(initiator, acceptor);
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

  /** Both ends of one exchange. */
  record Exchange(TestEnd initiator, TestEnd acceptor) {}
}
