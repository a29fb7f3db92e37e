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
import dev.sidelight.probe.hop.HopEnd;
import dev.sidelight.probe.hop.HopExchange;

/** The contract's form of an exchange. */
final class ExchangeMessages {
  /** Bits that the contract knows. */
  private static final int FLAGS = 0x1f;

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
    time(builder, end.record());
    locate(builder, end.record());
    return builder
        .setProtocol(end.head().protocol())
        .setMethod(end.head().method())
        .setPathTemplate(end.head().pathTemplate())
        .setStatus(end.head().status())
        .setRequestId(end.head().requestId())
        .build();
  }

  private static void identify(ExchangeEnd.Builder builder, HopEnd end) {
    WireRecord record = end.record();
    builder
        .setRole(record.isInitiator() ? Role.INITIATOR : Role.ACCEPTOR)
        .setSocketCookie(record.cookie())
        .setExchangeIndex(record.exchangeIndex())
        .setSupersedes(end.supersedes())
        .setLocalAddress(ByteString.copyFrom(record.localAddress()))
        .setLocalPort(record.localPort())
        .setRemoteAddress(ByteString.copyFrom(record.remoteAddress()))
        .setRemotePort(record.remotePort())
        .setProcess(end.process())
        .setFlags(record.flags() & FLAGS);
  }

  private static void time(ExchangeEnd.Builder builder, WireRecord record) {
    builder
        .setConnectNanos(record.connectNanos())
        .setEstablishedNanos(record.establishedNanos())
        .setFirstSendNanos(record.firstSendNanos())
        .setLastSendNanos(record.lastSendNanos())
        .setFirstArrivalNanos(record.firstArrivalNanos())
        .setLastArrivalNanos(record.lastArrivalNanos())
        .setFirstReadNanos(record.firstReadNanos())
        .setLastReadNanos(record.lastReadNanos());
  }

  private static void locate(ExchangeEnd.Builder builder, WireRecord record) {
    builder
        .setSendStartPosition(record.sendStart())
        .setSendEndPosition(record.sendEnd())
        .setReceiveStartPosition(record.receiveStart())
        .setReceiveEndPosition(record.receiveEnd())
        .setSmoothedRttMicros(record.smoothedRttMicros())
        .setRetransmits(record.retransmits())
        .setDrops(record.drops());
  }
}
