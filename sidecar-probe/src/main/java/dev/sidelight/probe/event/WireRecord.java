/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.event;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * One end of an exchange as the kernel wrote it: a view of its bytes, which it owns. Times are
 * CLOCK_MONOTONIC nanoseconds, 0 where not seen; positions are TCP sequence numbers, an end that of
 * the byte after the last.
 */
public final class WireRecord {
  /** Version that this class reads. */
  public static final int VERSION = 1;

  /** Role of who opened the connection. */
  public static final int INITIATOR = 1;

  /** Role of who accepted it. */
  public static final int ACCEPTOR = 2;

  /**
   * Bit of {@link #flags}: a copy of an idle connection's exchange; the record proper may follow.
   */
  public static final int IDLE_FLUSH = 8;

  /** Bit of {@link #flags}: the connection closed. */
  public static final int CLOSED = 16;

  private static final VarHandle LONG = view(long[].class);
  private static final VarHandle INT = view(int[].class);
  private static final VarHandle SHORT = view(short[].class);

  private final byte[] bytes;

  private WireRecord(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * Reads a record.
   *
   * @param bytes of the ring buffer; not copied
   * @throws IllegalArgumentException when it is none of this version, or its prefix exceeds it
   */
  public static WireRecord of(byte[] bytes) {
    if (bytes.length < WireField.RECORD_BYTES) {
      throw new IllegalArgumentException("a record of " + bytes.length + " bytes");
    }
    WireRecord record = new WireRecord(bytes);
    if (record.getInt(WireField.VERSION) != VERSION) {
      throw new IllegalArgumentException("version " + record.getInt(WireField.VERSION));
    }
    if (record.role() != INITIATOR && record.role() != ACCEPTOR) {
      throw new IllegalArgumentException("role " + record.role());
    }
    if (WireField.RECORD_BYTES + record.prefixLength() > bytes.length) {
      throw new IllegalArgumentException("a prefix of " + record.prefixLength() + " bytes");
    }
    return record;
  }

  /** Names the socket until reboot. */
  public long cookie() {
    return getLong(WireField.COOKIE);
  }

  /** SYN_SENT. */
  public long connectNanos() {
    return getLong(WireField.CONNECT_NS);
  }

  /** ESTABLISHED. */
  public long establishedNanos() {
    return getLong(WireField.ESTABLISHED_NS);
  }

  /** Entry of the first send. */
  public long firstSendNanos() {
    return getLong(WireField.FIRST_SEND_NS);
  }

  /** Entry of the last send. */
  public long lastSendNanos() {
    return getLong(WireField.LAST_SEND_NS);
  }

  /** First data at the socket. */
  public long firstArrivalNanos() {
    return getLong(WireField.FIRST_ARRIVAL_NS);
  }

  /** Last data at the socket. */
  public long lastArrivalNanos() {
    return getLong(WireField.LAST_ARRIVAL_NS);
  }

  /** First read that copied bytes. */
  public long firstReadNanos() {
    return getLong(WireField.FIRST_READ_NS);
  }

  /** Last read that copied bytes. */
  public long lastReadNanos() {
    return getLong(WireField.LAST_READ_NS);
  }

  /** Inode of the network namespace. */
  public int netns() {
    return getInt(WireField.NETNS);
  }

  /** 0 for the first exchange seen on the socket. */
  public int exchangeIndex() {
    return getInt(WireField.EXCHANGE_INDEX);
  }

  /** Position of the first byte sent. */
  public int sendStart() {
    return getInt(WireField.SEND_START);
  }

  /** Position after the last byte sent. */
  public int sendEnd() {
    return getInt(WireField.SEND_END);
  }

  /** Position of the first byte received. */
  public int receiveStart() {
    return getInt(WireField.RECEIVE_START);
  }

  /** Position after the last byte read. */
  public int receiveEnd() {
    return getInt(WireField.RECEIVE_END);
  }

  /** Smoothed round-trip time in microseconds. */
  public int smoothedRttMicros() {
    return getInt(WireField.SRTT_US);
  }

  /** Segments sent again during the exchange. */
  public int retransmits() {
    return getInt(WireField.RETRANSMITS);
  }

  /** Segments dropped by the socket during the exchange. */
  public int drops() {
    return getInt(WireField.DROPS);
  }

  /** Process of the first send, 0 where there was none. */
  public int senderTgid() {
    return getInt(WireField.SENDER_TGID);
  }

  /** Process of the first read, 0 where there was none. */
  public int readerTgid() {
    return getInt(WireField.READER_TGID);
  }

  /** Bits of the contract's ExchangeFlag. */
  public int flags() {
    return getInt(WireField.FLAGS);
  }

  /** Own port. */
  public int localPort() {
    return Short.toUnsignedInt((short) SHORT.get(bytes, WireField.LOCAL_PORT.offset()));
  }

  /** Peer's port as this socket sees it. */
  public int remotePort() {
    return Short.toUnsignedInt((short) SHORT.get(bytes, WireField.REMOTE_PORT.offset()));
  }

  /** {@link #INITIATOR} or {@link #ACCEPTOR}. */
  public int role() {
    return bytes[WireField.ROLE.offset()];
  }

  /** Whether this end opened the connection. */
  public boolean isInitiator() {
    return role() == INITIATOR;
  }

  /** Position after the request's last byte. */
  public int requestEnd() {
    return isInitiator() ? sendEnd() : receiveEnd();
  }

  /** Own address: 4 bytes for IPv4, mapped included, or 16. */
  public byte[] localAddress() {
    return address(WireField.LOCAL_ADDRESS.offset());
  }

  /** Peer's address as this socket sees it: 4 bytes or 16. */
  public byte[] remoteAddress() {
    return address(WireField.REMOTE_ADDRESS.offset());
  }

  /** The first bytes that this end sent, where they looked like HTTP/1; empty otherwise. */
  public byte[] prefix() {
    return Arrays.copyOfRange(
        bytes, WireField.RECORD_BYTES, WireField.RECORD_BYTES + prefixLength());
  }

  /** Whether the other says the same of the same exchange, however it came to be emitted. */
  public boolean repeats(WireRecord other) {
    int flags = WireField.FLAGS.offset();
    int after = flags + WireField.FLAGS.size();
    int ignored = IDLE_FLUSH | CLOSED;
    return (flags() | ignored) == (other.flags() | ignored)
        && Arrays.equals(bytes, 0, flags, other.bytes, 0, flags)
        && Arrays.equals(bytes, after, bytes.length, other.bytes, after, other.bytes.length);
  }

  private int prefixLength() {
    return Short.toUnsignedInt((short) SHORT.get(bytes, WireField.PREFIX_LENGTH.offset()));
  }

  private byte[] address(int offset) {
    boolean mapped =
        (long) LONG.get(bytes, offset) == 0
            && bytes[offset + 8] == 0
            && bytes[offset + 9] == 0
            && bytes[offset + 10] == -1
            && bytes[offset + 11] == -1;
    return Arrays.copyOfRange(bytes, mapped ? offset + 12 : offset, offset + 16);
  }

  private long getLong(WireField field) {
    return (long) LONG.get(bytes, field.offset());
  }

  private int getInt(WireField field) {
    return (int) INT.get(bytes, field.offset());
  }

  private static VarHandle view(Class<?> type) {
    return MethodHandles.byteArrayViewVarHandle(type, ByteOrder.nativeOrder());
  }
}
