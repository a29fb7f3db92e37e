/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.event;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One end of a turn as the kernel wrote it: a view of its bytes, which it owns. Times are
 * CLOCK_MONOTONIC nanoseconds, 0 where not seen; positions are TCP sequence numbers, an end that of
 * the byte after the last.
 */
public final class WireRecord {
  /** Version that this class reads. */
  public static final int VERSION = 2;

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

  /** Bit of {@link #flags}: this end was about to send its close_notify. */
  private static final int ENDING = 1 << 16;

  /** Bit of {@link #flags}: an arrival was not seen, of bytes that were read. */
  private static final int ARRIVAL_MISSED = 1 << 17;

  /** Bits of {@link #flags}: it was the first, or the last. */
  private static final int OUTER_ARRIVAL_MISSED = 1 << 18 | 1 << 19;

  /** Bits that the contract knows. */
  private static final int CONTRACT_FLAGS = 63;

  private static final int HTTP2 = 1;
  private static final int ENTRIES = 4;
  private static final int ENTRY_BYTES = 16;
  private static final int HEAD_BYTES = 8;
  private static final WireHead.Kind[] HEAD_KINDS = WireHead.Kind.values();

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
    int version = (int) INT.get(bytes, WireField.VERSION.offset());
    if (version != VERSION) {
      throw new IllegalArgumentException("version " + version);
    }
    int role = bytes[WireField.ROLE.offset()];
    if (role != INITIATOR && role != ACCEPTOR) {
      throw new IllegalArgumentException("role " + role);
    }
    int heads = unsignedShort(bytes, WireField.HEADS_LENGTH.offset());
    if (WireField.RECORD_BYTES + heads > bytes.length) {
      throw new IllegalArgumentException("heads of " + heads + " bytes");
    }
    return new WireRecord(bytes);
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

  /** Process that sent first, else that read first; 0 where there was neither. */
  public int ownerTgid() {
    return senderTgid() != 0 ? senderTgid() : readerTgid();
  }

  /** Bits of the contract's ExchangeFlag. */
  public int flags() {
    return getInt(WireField.FLAGS) & CONTRACT_FLAGS;
  }

  /**
   * Whether it is a stretch of an HTTP/2 connection, to be cut into streams, rather than a turn.
   */
  public boolean isHttp2() {
    return bytes[WireField.MODE.offset()] == HTTP2;
  }

  /** Whether the kernel missed an arrival: what is known of arrivals is not all of them. */
  public boolean isArrivalMissed() {
    return (getInt(WireField.FLAGS) & ARRIVAL_MISSED) != 0;
  }

  /** Whether it missed the first or the last: not one time of arrival is to be believed. */
  public boolean isOuterArrivalMissed() {
    return (getInt(WireField.FLAGS) & OUTER_ARRIVAL_MISSED) != 0;
  }

  /** Whether the connection closed, or this end was about to say so. */
  public boolean isEnding() {
    return (getInt(WireField.FLAGS) & (CLOSED | ENDING)) != 0;
  }

  /** Own port. */
  public int localPort() {
    return unsignedShort(bytes, WireField.LOCAL_PORT.offset());
  }

  /** Peer's port as this socket sees it. */
  public int remotePort() {
    return unsignedShort(bytes, WireField.REMOTE_PORT.offset());
  }

  /** {@link #INITIATOR} or {@link #ACCEPTOR}. */
  public int role() {
    return bytes[WireField.ROLE.offset()];
  }

  /** Whether this end opened the connection. */
  public boolean isInitiator() {
    return role() == INITIATOR;
  }

  /** Own address: 4 bytes for IPv4, mapped included, or 16. */
  public byte[] localAddress() {
    return address(WireField.LOCAL_ADDRESS.offset());
  }

  /** Peer's address as this socket sees it: 4 bytes or 16. */
  public byte[] remoteAddress() {
    return address(WireField.REMOTE_ADDRESS.offset());
  }

  /** The sends that are known: all up to four, else the first two and the last two. */
  public List<IoEntry> sends() {
    return entries(Io.SEND);
  }

  /** The arrivals that are known: all up to four, else the first two and the last two. */
  public List<IoEntry> arrivals() {
    return entries(Io.ARRIVAL);
  }

  /** The reads that are known: all up to four, else the first two and the last two. */
  public List<IoEntry> reads() {
    return entries(Io.READ);
  }

  /** How often it happened. */
  public int count(Io kind) {
    return getInt(kind.count());
  }

  /** Of how many times more is known: all up to four, else the first two and the last two. */
  public int known(Io kind) {
    return (int) Math.min(ENTRIES, Integer.toUnsignedLong(getInt(kind.count())));
  }

  /** When the nth of the known ones was, CLOCK_MONOTONIC. */
  public long nanos(Io kind, int n) {
    return (long) LONG.get(bytes, kind.entries().offset() + n * ENTRY_BYTES);
  }

  /** Flags of the nth of the known ones: see {@link IoEntry}. */
  public int flags(Io kind, int n) {
    return bytes[kind.entries().offset() + n * ENTRY_BYTES + 12];
  }

  /** First bytes of messages and frames, in the order in which they were seen. */
  public List<WireHead> heads() {
    List<WireHead> heads = new ArrayList<>();
    int end = headsEnd();
    for (int at = WireField.RECORD_BYTES; at + HEAD_BYTES <= end; at = headEnd(at, end)) {
      int kind = bytes[at + 6] - 1;
      if (kind >= 0 && kind < HEAD_KINDS.length) {
        heads.add(new WireHead(HEAD_KINDS[kind], (int) INT.get(bytes, at), headText(at, end)));
      }
    }
    return heads;
  }

  /**
   * The first head of this kind, put together from what follows on it; empty where there is none.
   */
  public HeadText firstHead(WireHead.Kind kind) {
    HeadText whole = HeadText.NONE;
    int next = 0;
    int end = headsEnd();
    for (int at = WireField.RECORD_BYTES; at + HEAD_BYTES <= end; at = headEnd(at, end)) {
      int position = (int) INT.get(bytes, at);
      if (isOf(kind, at) && (whole.isEmpty() || position == next)) {
        HeadText more = headText(at, end);
        whole = whole.and(more);
        next = position + more.length();
      }
    }
    return whole;
  }

  /**
   * What this end sent as it is from a position on, put together from what follows on it; empty
   * where that was not kept.
   */
  public HeadText sentFrom(int position) {
    HeadText whole = HeadText.NONE;
    int end = headsEnd();
    for (int at = WireField.RECORD_BYTES; at + HEAD_BYTES <= end; at = headEnd(at, end)) {
      HeadText text = headText(at, end);
      int offset = position + whole.length() - (int) INT.get(bytes, at);
      if (isOf(WireHead.Kind.SENT, at) && offset >= 0 && offset < text.length()) {
        whole = whole.and(text.from(offset));
      }
    }
    return whole;
  }

  /**
   * Where the first head of this kind begins.
   *
   * @param otherwise where there is none
   */
  public int firstHeadPosition(WireHead.Kind kind, int otherwise) {
    int end = headsEnd();
    for (int at = WireField.RECORD_BYTES; at + HEAD_BYTES <= end; at = headEnd(at, end)) {
      if (isOf(kind, at)) {
        return (int) INT.get(bytes, at);
      }
    }
    return otherwise;
  }

  private boolean isOf(WireHead.Kind kind, int at) {
    return bytes[at + 6] == kind.ordinal() + 1;
  }

  private int headsEnd() {
    return WireField.RECORD_BYTES + unsignedShort(bytes, WireField.HEADS_LENGTH.offset());
  }

  private HeadText headText(int at, int end) {
    return new HeadText(bytes, at + HEAD_BYTES, headEnd(at, end));
  }

  private int headEnd(int at, int end) {
    return Math.min(at + HEAD_BYTES + unsignedShort(bytes, at + 4), end);
  }

  private List<IoEntry> entries(Io kind) {
    IoEntry[] entries = new IoEntry[known(kind)];
    for (int i = 0; i < entries.length; i++) {
      int position = (int) INT.get(bytes, kind.entries().offset() + i * ENTRY_BYTES + 8);
      entries[i] = new IoEntry(nanos(kind, i), position, flags(kind, i));
    }
    return List.of(entries);
  }

  private static int unsignedShort(byte[] bytes, int offset) {
    return Short.toUnsignedInt((short) SHORT.get(bytes, offset));
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
