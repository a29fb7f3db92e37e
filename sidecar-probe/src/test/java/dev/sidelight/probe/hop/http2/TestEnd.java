/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.hop.http2;

import dev.sidelight.probe.event.TestRecords;
import dev.sidelight.probe.event.WireHead;
import dev.sidelight.probe.event.WireRecord;
import io.grpc.netty.shaded.io.netty.buffer.ByteBuf;
import io.grpc.netty.shaded.io.netty.buffer.Unpooled;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Exception;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Headers;
import java.util.ArrayList;
import java.util.List;

/**
 * One end of a connection as the kernel would record it: it sends real frames, and receives what
 * its peer sent.
 */
final class TestEnd {
  private final int role;
  private final long cookie;
  private final DefaultHttp2HeadersEncoder encoder = new DefaultHttp2HeadersEncoder();
  private final List<WireRecord> records = new ArrayList<>();
  private TestRecords chunk;
  private int entries;
  private int heads;
  private int index;
  private int position;
  private int receivedTo;
  private boolean old;

  private TestEnd(int role, long cookie, int position, int receivedTo) {
    this.role = role;
    this.cookie = cookie;
    this.position = position;
    this.receivedTo = receivedTo;
    begin();
  }

  static TestEnd initiator(long cookie, int position, int peerPosition) {
    return new TestEnd(WireRecord.INITIATOR, cookie, position, peerPosition);
  }

  static TestEnd acceptor(long cookie, int position, int peerPosition) {
    return new TestEnd(WireRecord.ACCEPTOR, cookie, position, peerPosition);
  }

  /** Older than the watch. */
  TestEnd old() {
    old = true;
    begin();
    return this;
  }

  int position() {
    return position;
  }

  /** One send of these frames. */
  void send(long nanos, byte[]... frames) {
    room(nanos, TestRecords::send);
    for (byte[] frame : frames) {
      boolean kept = frame[3] == Frame.HEADERS || frame[3] == Frame.CONTINUATION;
      head(kept ? frame : java.util.Arrays.copyOf(frame, Frame.HEADER_BYTES));
      position += frame.length;
    }
    chunk.sentTo(position);
  }

  /** Bytes that are no frame: the preface. */
  void sendPreface(long nanos) {
    room(nanos, TestRecords::send);
    position += 24;
    chunk.sentTo(position);
  }

  /** All that the peer sent arrives, and is read later. */
  void receive(long arrivalNanos, long readNanos, int upTo) {
    if (entries == 0) {
      chunk.receivedFrom(receivedTo);
    }
    receivedTo = upTo;
    long at = upTo;
    room(arrivalNanos, (record, nanos, ignored, flags) -> record.arrival(nanos, (int) at, flags));
    room(readNanos, (record, nanos, ignored, flags) -> record.read(nanos, (int) at, flags));
  }

  /** A chunk that never comes. */
  void loseChunk() {
    emit();
    records.remove(records.size() - 1);
  }

  /** The chunks so far. */
  List<WireRecord> drain() {
    if (entries > 0) {
      emit();
    }
    List<WireRecord> all = List.copyOf(records);
    records.clear();
    return all;
  }

  /** The present chunk as an idle flush shows it; it goes on. */
  WireRecord flush() {
    return TestRecords.copyOf(chunk).flags(WireRecord.IDLE_FLUSH).build();
  }

  byte[] headers(int stream, boolean end, String... pairs) {
    DefaultHttp2Headers headers = new DefaultHttp2Headers(false);
    for (int i = 0; i < pairs.length; i += 2) {
      headers.add(pairs[i], pairs[i + 1]);
    }
    return frame(
        Frame.HEADERS,
        Frame.END_HEADERS | (end ? Frame.END_STREAM : 0),
        stream,
        block(stream, headers));
  }

  byte[] block(int stream, Http2Headers headers) {
    ByteBuf block = Unpooled.buffer();
    try {
      encoder.encodeHeaders(stream, headers, block);
    } catch (Http2Exception e) {
      throw new IllegalStateException("headers", e);
    }
    byte[] bytes = new byte[block.readableBytes()];
    block.readBytes(bytes);
    return bytes;
  }

  static byte[] data(int stream, boolean end, int length) {
    return frame(Frame.DATA, end ? Frame.END_STREAM : 0, stream, new byte[length]);
  }

  static byte[] frame(int type, int flags, int stream, byte[] payload) {
    byte[] frame = new byte[Frame.HEADER_BYTES + payload.length];
    frame[0] = (byte) (payload.length >> 16);
    frame[1] = (byte) (payload.length >> 8);
    frame[2] = (byte) payload.length;
    frame[3] = (byte) type;
    frame[4] = (byte) flags;
    frame[5] = (byte) (stream >> 24);
    frame[6] = (byte) (stream >> 16);
    frame[7] = (byte) (stream >> 8);
    frame[8] = (byte) stream;
    System.arraycopy(payload, 0, frame, Frame.HEADER_BYTES, payload.length);
    return frame;
  }

  private interface Entry {
    TestRecords add(TestRecords record, long nanos, int position, int flags);
  }

  private void room(long nanos, Entry entry) {
    if (entries == 4) {
      emit();
    }
    entry.add(chunk, nanos, position, 0);
    entries++;
  }

  private void head(byte[] bytes) {
    if (heads + 8 + bytes.length > 1024) {
      emit();
    }
    chunk.head(WireHead.Kind.FRAME, position, bytes);
    heads += 8 + bytes.length;
  }

  private void emit() {
    records.add(chunk.build());
    index++;
    begin();
  }

  private void begin() {
    chunk = TestRecords.chunk(role, cookie, index).sentTo(position).receivedFrom(receivedTo);
    if (old) {
      chunk.unestablished();
    }
    entries = 0;
    heads = 0;
  }
}
