/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.transport;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What one end of a connection has carried since it was first seen: a view on struct
 * transport_record. Durations are in nanoseconds, 0 until they are known. Immutable.
 */
final class ConnectionRecord {
  /** Buckets of each histogram. */
  static final int BUCKETS = 26;

  static final int CLOSER_NONE = 0;

  private static final int VERSION = 1;
  private static final int ROLE_INITIATOR = 1;
  private static final int FINAL = 1;
  private static final int TLS = 2;
  private static final int SEQUENCES = 4;

  private static final int BYTES_AT = 0;
  private static final int TOTAL_AT = 8;
  private static final int UNTIMED_AT = 16;
  private static final int BUCKETS_AT = 20;
  private static final int RTT_BUCKETS_AT = 8;

  private final byte[] record;
  private final ByteBuffer bytes;

  private ConnectionRecord(byte[] record) {
    this.record = record;
    bytes = ByteBuffer.wrap(record).order(ByteOrder.nativeOrder());
  }

  /**
   * Wraps a record; the array is kept.
   *
   * @throws IllegalArgumentException where length or version are not this program's
   */
  static ConnectionRecord of(byte[] record) {
    if (record.length != TransportField.RECORD_BYTES) {
      throw new IllegalArgumentException("a connection's record of " + record.length + " bytes");
    }
    ConnectionRecord connection = new ConnectionRecord(record);
    int version = connection.number(TransportField.VERSION);
    if (version != VERSION) {
      throw new IllegalArgumentException("a connection's record of version " + version);
    }
    return connection;
  }

  long cookie() {
    return bytes.getLong(TransportField.COOKIE.offset());
  }

  int netns() {
    return number(TransportField.NETNS);
  }

  /** The owner's process; 0 where nobody has touched the socket. */
  int tgid() {
    return number(TransportField.TGID);
  }

  long connectNanos() {
    return bytes.getLong(TransportField.CONNECT_NS.offset());
  }

  long acceptNanos() {
    return bytes.getLong(TransportField.ACCEPT_NS.offset());
  }

  long closeNanos() {
    return bytes.getLong(TransportField.CLOSE_NS.offset());
  }

  /** Of WRITES or READS. */
  long ioBytes(TransportField direction) {
    return bytes.getLong(direction.offset() + BYTES_AT);
  }

  /** Of WRITES or READS: nanoseconds of all timed calls. */
  long ioNanos(TransportField direction) {
    return bytes.getLong(direction.offset() + TOTAL_AT);
  }

  /** Of WRITES or READS: calls without a time. */
  int ioUntimed(TransportField direction) {
    return bytes.getInt(direction.offset() + UNTIMED_AT);
  }

  /** Of WRITES or READS: timed calls in a bucket, modulo 2^32. */
  int ioBucket(TransportField direction, int bucket) {
    return bytes.getInt(direction.offset() + BUCKETS_AT + bucket * Integer.BYTES);
  }

  long rttMicros() {
    return bytes.getLong(TransportField.RTT.offset());
  }

  int rttBucket(int bucket) {
    return bytes.getInt(TransportField.RTT.offset() + RTT_BUCKETS_AT + bucket * Integer.BYTES);
  }

  int retransmits() {
    return number(TransportField.RETRANSMITS);
  }

  /** How many records of this connection came before. */
  int reports() {
    return number(TransportField.REPORTS);
  }

  int sendIsn() {
    return number(TransportField.SEND_ISN);
  }

  int receiveIsn() {
    return number(TransportField.RECEIVE_ISN);
  }

  boolean hasSequences() {
    return (number(TransportField.FLAGS) & SEQUENCES) != 0;
  }

  boolean isFinal() {
    return (number(TransportField.FLAGS) & FINAL) != 0;
  }

  boolean isTls() {
    return (number(TransportField.FLAGS) & TLS) != 0;
  }

  boolean isInitiator() {
    return bytes.get(TransportField.ROLE.offset()) == ROLE_INITIATOR;
  }

  /** Number of a {@link Closer}. */
  int closer() {
    return bytes.get(TransportField.CLOSER.offset());
  }

  int localPort() {
    return bytes.getShort(TransportField.LOCAL_PORT.offset()) & 0xffff;
  }

  int remotePort() {
    return bytes.getShort(TransportField.REMOTE_PORT.offset()) & 0xffff;
  }

  InetAddress localAddress() {
    return address(TransportField.LOCAL_ADDRESS);
  }

  InetAddress remoteAddress() {
    return address(TransportField.REMOTE_ADDRESS);
  }

  /** What this end sent first, as far as it is known. */
  byte[] firstBytes() {
    int from = TransportField.FIRST_BYTES.offset();
    return Arrays.copyOfRange(record, from, from + bytes.get(TransportField.FIRST_LENGTH.offset()));
  }

  /** File name of the owner's executable; empty where nobody has touched the socket. */
  String process() {
    int from = TransportField.PROCESS.offset();
    int to = from;
    while (to < TransportField.RECORD_BYTES && bytes.get(to) != 0) {
      to++;
    }
    return new String(record, from, to - from, StandardCharsets.UTF_8);
  }

  private int number(TransportField field) {
    return bytes.getInt(field.offset());
  }

  private InetAddress address(TransportField field) {
    try {
      // An IPv4 address in its mapped form becomes one of IPv4.
      return InetAddress.getByAddress(
          Arrays.copyOfRange(record, field.offset(), field.offset() + field.size()));
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("an address of " + field.size() + " bytes", e);
    }
  }
}
