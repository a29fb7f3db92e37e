/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.export;

import com.google.protobuf.ByteString;
import dev.sidelight.hop.v1.Exchange;
import dev.sidelight.hop.v1.ExchangeEnd;
import dev.sidelight.hop.v1.Role;
import dev.sidelight.probe.event.WireRecord;
import dev.sidelight.probe.hop.EndPoints;
import dev.sidelight.probe.hop.HopEnd;
import dev.sidelight.probe.hop.HopExchange;

/** The contract's form of an exchange. */
final class ExchangeMessages {
  private ExchangeMessages() {}

  static Exchange of(HopExchange exchange) {
    Exchange.Builder builder = Exchange.newBuilder().setNetns(exchange.netns());
    if (exchange.initiator() != null) {
      builder.setInitiator(end(exchange.initiator()));
    }
    if (exchange.acceptor() != null) {
      builder.setAcceptor(end(exchange.acceptor()));
    }
    return builder.build();
  }

  private static ExchangeEnd end(HopEnd end) {
    ExchangeEnd.Builder builder = ExchangeEnd.newBuilder();
    identify(builder, end);
    time(builder, end.points());
    locate(builder, end.points());
    return builder
        .setProtocol(end.head().protocol())
        .setMethod(end.head().method())
        .setPathTemplate(end.head().pathTemplate())
        .setStatus(end.head().status())
        .setRequestId(end.head().requestId())
        .build();
  }

  private static void identify(ExchangeEnd.Builder builder, HopEnd end) {
    WireRecord socket = end.socket();
    builder
        .setRole(socket.isInitiator() ? Role.INITIATOR : Role.ACCEPTOR)
        .setSocketCookie(socket.cookie())
        .setLocalAddress(ByteString.copyFrom(socket.localAddress()))
        .setLocalPort(socket.localPort())
        .setRemoteAddress(ByteString.copyFrom(socket.remoteAddress()))
        .setRemotePort(socket.remotePort())
        .setConnectNanos(socket.connectNanos())
        .setEstablishedNanos(socket.establishedNanos())
        .setExchangeIndex(end.points().exchangeIndex())
        .setSupersedes(end.supersedes())
        .setProcess(end.process())
        .setFlags(end.points().flags());
  }

  private static void time(ExchangeEnd.Builder builder, EndPoints points) {
    builder
        .setFirstSendNanos(points.sends().firstNanos())
        .setLastSendNanos(points.sends().lastNanos())
        .setFirstArrivalNanos(points.arrivals().firstNanos())
        .setLastArrivalNanos(points.arrivals().lastNanos())
        .setFirstReadNanos(points.reads().firstNanos())
        .setLastReadNanos(points.reads().lastNanos());
  }

  private static void locate(ExchangeEnd.Builder builder, EndPoints points) {
    builder
        .setSendStartPosition(points.sendStart())
        .setSendEndPosition(points.sendEnd())
        .setReceiveStartPosition(points.receiveStart())
        .setReceiveEndPosition(points.receiveEnd())
        .setSmoothedRttMicros(points.smoothedRttMicros())
        .setRetransmits(points.retransmits())
        .setDrops(points.drops());
  }
}
