/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.event;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Records as the kernel would write them: a whole exchange of 100 bytes up and 200 down, changed
 * where a test asks.
 */
public final class TestRecords {
  private static final int REQUEST_START = 1000;
  private static final int REQUEST_END = 1100;
  private static final int RESPONSE_START = 5000;
  private static final int RESPONSE_END = 5200;

  private byte[] bytes = new byte[WireField.RECORD_BYTES];

  private TestRecords(int role, long cookie) {
    put(WireField.VERSION, WireRecord.VERSION);
    put(WireField.ROLE, role);
    put(WireField.COOKIE, cookie);
    put(WireField.NETNS, 7);
    address(WireField.LOCAL_ADDRESS, 127, 0, 0, 1);
    address(WireField.REMOTE_ADDRESS, 127, 0, 0, 1);
  }

  /** The end that sent the request. */
  public static TestRecords initiator(long cookie) {
    return new TestRecords(WireRecord.INITIATOR, cookie)
        .sent(REQUEST_START, REQUEST_END, 100, 110)
        .received(RESPONSE_START, RESPONSE_END, 160, 170);
  }

  /** The end that sent the response. */
  public static TestRecords acceptor(long cookie) {
    return new TestRecords(WireRecord.ACCEPTOR, cookie)
        .received(REQUEST_START, REQUEST_END, 120, 130)
        .sent(RESPONSE_START, RESPONSE_END, 140, 150);
  }

  /** A stretch of an HTTP/2 connection, in which nothing happened yet. */
  public static TestRecords chunk(int role, long cookie, int index) {
    TestRecords chunk = new TestRecords(role, cookie);
    chunk.put(WireField.MODE, 1).put(WireField.ESTABLISHED_NS, 1);
    return chunk.put(WireField.EXCHANGE_INDEX, index);
  }

  /** Another, that may be changed apart. */
  public static TestRecords copyOf(TestRecords other) {
    TestRecords copy = new TestRecords(WireRecord.INITIATOR, 0);
    copy.bytes = other.bytes.clone();
    return copy;
  }

  /** Older than the watch. */
  public TestRecords unestablished() {
    return put(WireField.ESTABLISHED_NS, 0);
  }

  /** Position after the last byte sent. */
  public TestRecords sentTo(int position) {
    return put(WireField.SEND_END, position);
  }

  /** Position of the first byte received. */
  public TestRecords receivedFrom(int position) {
    return put(WireField.RECEIVE_START, position);
  }

  /** Of the nth exchange on the socket, its positions moved on. */
  public TestRecords index(int index) {
    put(WireField.EXCHANGE_INDEX, index);
    for (WireField field :
        new WireField[] {
          WireField.SEND_START, WireField.SEND_END, WireField.RECEIVE_START, WireField.RECEIVE_END
        }) {
      put(field, buffer().getInt(field.offset()) + 1000 * index);
    }
    for (WireField field : new WireField[] {WireField.SENDS, WireField.ARRIVALS, WireField.READS}) {
      for (int i = 0; i < 4; i++) {
        int at = field.offset() + 16 * i + 8;
        buffer().putInt(at, buffer().getInt(at) + 1000 * index);
      }
    }
    return this;
  }

  /** Of the nth exchange on the socket, its positions as they are. */
  public TestRecords atIndex(int index) {
    return put(WireField.EXCHANGE_INDEX, index);
  }

  /** Two sends. */
  public TestRecords sent(int start, int end, long firstNanos, long lastNanos) {
    put(WireField.SEND_START, start);
    put(WireField.SEND_END, end);
    entries(WireField.SENDS, WireField.SEND_COUNT);
    return send(firstNanos, start, 0).send(lastNanos, start + (end - start) / 2, 0);
  }

  /** Two arrivals, and reads 5 ns later. */
  public TestRecords received(int start, int end, long firstNanos, long lastNanos) {
    put(WireField.RECEIVE_START, start);
    put(WireField.RECEIVE_END, end);
    entries(WireField.ARRIVALS, WireField.ARRIVAL_COUNT);
    entries(WireField.READS, WireField.READ_COUNT);
    int middle = start + (end - start) / 2;
    return arrival(firstNanos, middle, 0)
        .arrival(lastNanos, end, 0)
        .read(firstNanos + 5, middle, 0)
        .read(lastNanos + 5, end, 0);
  }

  /** One more send. */
  public TestRecords send(long nanos, int position, int flags) {
    return entry(WireField.SENDS, WireField.SEND_COUNT, nanos, position, flags);
  }

  /** One more arrival. */
  public TestRecords arrival(long nanos, int position, int flags) {
    return entry(WireField.ARRIVALS, WireField.ARRIVAL_COUNT, nanos, position, flags);
  }

  /** One more read. */
  public TestRecords read(long nanos, int position, int flags) {
    return entry(WireField.READS, WireField.READ_COUNT, nanos, position, flags);
  }

  /** Sets how many sends there were, known or not. */
  public TestRecords sendCount(int count) {
    return put(WireField.SEND_COUNT, count);
  }

  /** Forgets the reads. */
  public TestRecords withoutReads() {
    entries(WireField.READS, WireField.READ_COUNT);
    return this;
  }

  /** Sets the position after the last byte read. */
  public TestRecords receiveEnd(int position) {
    return put(WireField.RECEIVE_END, position);
  }

  /** Sets the flags. */
  public TestRecords flags(int flags) {
    return put(WireField.FLAGS, flags);
  }

  /** Sets the count of retransmits. */
  public TestRecords retransmits(int count) {
    return put(WireField.RETRANSMITS, count);
  }

  /** Sets the namespace. */
  public TestRecords netns(int netns) {
    return put(WireField.NETNS, netns);
  }

  /** Sets the version. */
  public TestRecords version(int version) {
    return put(WireField.VERSION, version);
  }

  /** Sets the peer's IPv4 address. */
  public TestRecords remote(int a, int b, int c, int d) {
    return address(WireField.REMOTE_ADDRESS, a, b, c, d);
  }

  /** Sets the peer's IPv6 address. */
  public TestRecords remote(byte[] address) {
    System.arraycopy(address, 0, bytes, WireField.REMOTE_ADDRESS.offset(), 16);
    return this;
  }

  /** Appends a head of what this end sends, where its bytes begin. */
  public TestRecords head(String text) {
    return head(
        WireHead.Kind.SENT,
        buffer().getInt(WireField.SEND_START.offset()),
        text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Appends a head. */
  public TestRecords head(WireHead.Kind kind, int position, byte[] head) {
    int at = bytes.length;
    bytes = Arrays.copyOf(bytes, at + 8 + head.length);
    buffer().putInt(at, position).putShort(at + 4, (short) head.length);
    bytes[at + 6] = (byte) (kind.ordinal() + 1);
    System.arraycopy(head, 0, bytes, at + 8, head.length);
    return put(WireField.HEADS_LENGTH, bytes.length - WireField.RECORD_BYTES);
  }

  /** The bytes of the ring buffer. */
  public byte[] bytes() {
    return bytes.clone();
  }

  /** The record. */
  public WireRecord build() {
    return WireRecord.of(bytes());
  }

  TestRecords put(WireField field, long value) {
    switch (field.size()) {
      case 8 -> buffer().putLong(field.offset(), value);
      case 4 -> buffer().putInt(field.offset(), (int) value);
      case 2 -> buffer().putShort(field.offset(), (short) value);
      default -> bytes[field.offset()] = (byte) value;
    }
    return this;
  }

  private void entries(WireField field, WireField count) {
    Arrays.fill(bytes, field.offset(), field.offset() + field.size(), (byte) 0);
    put(count, 0);
  }

  private TestRecords entry(WireField field, WireField count, long nanos, int position, int flags) {
    int known = buffer().getInt(count.offset());
    int at = field.offset() + 16 * known;
    buffer().putLong(at, nanos).putInt(at + 8, position);
    bytes[at + 12] = (byte) flags;
    return put(count, known + 1);
  }

  private TestRecords address(WireField field, int a, int b, int c, int d) {
    byte[] mapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1, (byte) a, (byte) b, (byte) c, (byte) d};
    System.arraycopy(mapped, 0, bytes, field.offset(), mapped.length);
    return this;
  }

  private ByteBuffer buffer() {
    return ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
  }
}
