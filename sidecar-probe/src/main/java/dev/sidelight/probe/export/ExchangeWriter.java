/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.export;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import dev.sidelight.hop.v1.Exchange;
import dev.sidelight.hop.v1.ExchangeEnd;
import dev.sidelight.hop.v1.Role;
import dev.sidelight.probe.event.WireRecord;
import dev.sidelight.probe.hop.EndPoints;
import dev.sidelight.probe.hop.HopEnd;
import dev.sidelight.probe.hop.HopExchange;
import dev.sidelight.probe.hop.HttpHead;
import java.io.IOException;
import java.util.Arrays;

/**
 * Writes exchanges in the contract's form without making its messages: this runs for every one of
 * them. What is 0 or empty is left out, as protobuf does. One thread at a time.
 */
final class ExchangeWriter {
  /** Names, path template and request id come from a head of 1 KB at the most. */
  private static final int END_BYTES_MAX = 16_384;

  private final byte[] exchangeBytes = new byte[2 * END_BYTES_MAX + 64];
  private final byte[] endBytes = new byte[END_BYTES_MAX];

  /**
   * The bytes of an {@link Exchange}.
   *
   * @throws IllegalArgumentException when an end is longer than any can be
   */
  byte[] write(HopExchange exchange) {
    try {
      CodedOutputStream out = CodedOutputStream.newInstance(exchangeBytes);
      number(out, Exchange.NETNS_FIELD_NUMBER, exchange.netns());
      end(out, Exchange.INITIATOR_FIELD_NUMBER, exchange.initiator());
      end(out, Exchange.ACCEPTOR_FIELD_NUMBER, exchange.acceptor());
      return Arrays.copyOf(exchangeBytes, out.getTotalBytesWritten());
    } catch (IOException e) {
      throw new IllegalArgumentException("an exchange too long: " + exchange.netns(), e);
    }
  }

  private void end(CodedOutputStream exchange, int field, HopEnd end) throws IOException {
    if (end == null) {
      return;
    }
    CodedOutputStream out = CodedOutputStream.newInstance(endBytes);
    identify(out, end);
    time(out, end.points());
    locate(out, end.points());
    describe(out, end.head());
    number(out, ExchangeEnd.HTTP2_STREAM_ID_FIELD_NUMBER, end.http2StreamId());
    int length = out.getTotalBytesWritten();
    exchange.writeTag(field, WireFormat.WIRETYPE_LENGTH_DELIMITED);
    exchange.writeUInt32NoTag(length);
    exchange.write(endBytes, 0, length);
  }

  private static void identify(CodedOutputStream out, HopEnd end) throws IOException {
    WireRecord socket = end.socket();
    Role role = socket.isInitiator() ? Role.INITIATOR : Role.ACCEPTOR;
    number(out, ExchangeEnd.ROLE_FIELD_NUMBER, role.getNumber());
    nanos(out, ExchangeEnd.SOCKET_COOKIE_FIELD_NUMBER, socket.cookie());
    out.writeByteArray(ExchangeEnd.LOCAL_ADDRESS_FIELD_NUMBER, socket.localAddress());
    number(out, ExchangeEnd.LOCAL_PORT_FIELD_NUMBER, socket.localPort());
    out.writeByteArray(ExchangeEnd.REMOTE_ADDRESS_FIELD_NUMBER, socket.remoteAddress());
    number(out, ExchangeEnd.REMOTE_PORT_FIELD_NUMBER, socket.remotePort());
    nanos(out, ExchangeEnd.CONNECT_NANOS_FIELD_NUMBER, socket.connectNanos());
    nanos(out, ExchangeEnd.ESTABLISHED_NANOS_FIELD_NUMBER, socket.establishedNanos());
    number(out, ExchangeEnd.EXCHANGE_INDEX_FIELD_NUMBER, end.points().exchangeIndex());
    if (end.supersedes()) {
      out.writeBool(ExchangeEnd.SUPERSEDES_FIELD_NUMBER, true);
    }
    text(out, ExchangeEnd.PROCESS_FIELD_NUMBER, end.process());
    number(out, ExchangeEnd.FLAGS_FIELD_NUMBER, end.points().flags());
  }

  private static void time(CodedOutputStream out, EndPoints points) throws IOException {
    nanos(out, ExchangeEnd.FIRST_SEND_NANOS_FIELD_NUMBER, points.sends().firstNanos());
    nanos(out, ExchangeEnd.LAST_SEND_NANOS_FIELD_NUMBER, points.sends().lastNanos());
    nanos(out, ExchangeEnd.FIRST_ARRIVAL_NANOS_FIELD_NUMBER, points.arrivals().firstNanos());
    nanos(out, ExchangeEnd.LAST_ARRIVAL_NANOS_FIELD_NUMBER, points.arrivals().lastNanos());
    nanos(out, ExchangeEnd.FIRST_READ_NANOS_FIELD_NUMBER, points.reads().firstNanos());
    nanos(out, ExchangeEnd.LAST_READ_NANOS_FIELD_NUMBER, points.reads().lastNanos());
  }

  private static void locate(CodedOutputStream out, EndPoints points) throws IOException {
    out.writeFixed32(ExchangeEnd.SEND_START_POSITION_FIELD_NUMBER, points.sendStart());
    out.writeFixed32(ExchangeEnd.SEND_END_POSITION_FIELD_NUMBER, points.sendEnd());
    out.writeFixed32(ExchangeEnd.RECEIVE_START_POSITION_FIELD_NUMBER, points.receiveStart());
    out.writeFixed32(ExchangeEnd.RECEIVE_END_POSITION_FIELD_NUMBER, points.receiveEnd());
    number(out, ExchangeEnd.SMOOTHED_RTT_MICROS_FIELD_NUMBER, points.smoothedRttMicros());
    number(out, ExchangeEnd.RETRANSMITS_FIELD_NUMBER, points.retransmits());
    number(out, ExchangeEnd.DROPS_FIELD_NUMBER, points.drops());
  }

  private static void describe(CodedOutputStream out, HttpHead head) throws IOException {
    text(out, ExchangeEnd.PROTOCOL_FIELD_NUMBER, head.protocol());
    text(out, ExchangeEnd.METHOD_FIELD_NUMBER, head.method());
    text(out, ExchangeEnd.PATH_TEMPLATE_FIELD_NUMBER, head.pathTemplate());
    number(out, ExchangeEnd.STATUS_FIELD_NUMBER, head.status());
    text(out, ExchangeEnd.REQUEST_ID_FIELD_NUMBER, head.requestId());
    if (head.grpcStatus().isPresent()) {
      out.writeUInt32(ExchangeEnd.GRPC_STATUS_FIELD_NUMBER, head.grpcStatus().getAsInt());
    }
  }

  private static void number(CodedOutputStream out, int field, int value) throws IOException {
    if (value != 0) {
      out.writeUInt32(field, value);
    }
  }

  private static void nanos(CodedOutputStream out, int field, long value) throws IOException {
    if (value != 0) {
      out.writeUInt64(field, value);
    }
  }

  private static void text(CodedOutputStream out, int field, String value) throws IOException {
    if (!value.isEmpty()) {
      out.writeString(field, value);
    }
  }
}
