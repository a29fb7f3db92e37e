/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.correlator;

/** An end of an exchange with every field of a test's choice; starts as a copy. */
final class TestEnd {

  // state
  long socketCookie;
  int exchangeIndex;
  boolean initiator;
  SocketAddress local;
  SocketAddress remote;
  long connectNanos;
  long establishedNanos;
  long firstSendNanos;
  long lastSendNanos;
  long firstArrivalNanos;
  long lastArrivalNanos;
  long firstReadNanos;
  long lastReadNanos;
  int sendStart;
  int sendEnd;
  int receiveStart;
  int receiveEnd;
  int retransmits;
  int drops;
  String requestId = "";
  int flags;
  int http2StreamId;

  TestEnd() {}

  TestEnd(ExchangeEnd end) {
    socketCookie = end.socketCookie();
    exchangeIndex = end.exchangeIndex();
    initiator = end.initiator();
    local = end.local();
    remote = end.remote();
    connectNanos = end.connectNanos();
    establishedNanos = end.establishedNanos();
    firstSendNanos = end.firstSendNanos();
    lastSendNanos = end.lastSendNanos();
    firstArrivalNanos = end.firstArrivalNanos();
    lastArrivalNanos = end.lastArrivalNanos();
    firstReadNanos = end.firstReadNanos();
    lastReadNanos = end.lastReadNanos();
    sendStart = end.sendStart();
    sendEnd = end.sendEnd();
    receiveStart = end.receiveStart();
    receiveEnd = end.receiveEnd();
    retransmits = end.retransmits();
    drops = end.drops();
    requestId = end.requestId();
    flags = end.flags();
    http2StreamId = end.http2StreamId();
  }

  ExchangeEnd build() {
    return new ExchangeEnd(
        socketCookie,
        exchangeIndex,
        initiator,
        local,
        remote,
        connectNanos,
        establishedNanos,
        firstSendNanos,
        lastSendNanos,
        firstArrivalNanos,
        lastArrivalNanos,
        firstReadNanos,
        lastReadNanos,
        sendStart,
        sendEnd,
        receiveStart,
        receiveEnd,
        50_000,
        retransmits,
        drops,
        initiator ? "app" : "envoy",
        "GET",
        "/reviews/{id}",
        initiator ? 0 : 200,
        requestId,
        flags,
        http2StreamId == 0 ? "http" : "http2",
        http2StreamId,
        ExchangeEnd.NO_GRPC_STATUS);
  }
}
