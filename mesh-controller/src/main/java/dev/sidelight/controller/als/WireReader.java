/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.als;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;

/**
 * Reads a slice of a message, field by field. Nested messages are read in place, between {@link
 * #enter()} and {@link #leave(int)}. One thread.
 */
final class WireReader {

  // deps
  private final byte[] bytes;
  private final StringPool pool;

  // state
  private final int start;
  private final CodedInputStream in;

  WireReader(byte[] bytes, int start, int length, StringPool pool) {
    this.bytes = bytes;
    this.pool = pool;
    this.start = start;
    this.in = CodedInputStream.newInstance(bytes, start, length);
  }

  /** Number of the next field, 0 at the end of the message. */
  int nextField() throws IOException {
    return WireFormat.getTagFieldNumber(in.readTag());
  }

  /** Leaves out the field whose number was just read. */
  void skip() throws IOException {
    if (!in.skipField(in.getLastTag())) {
      throw new IOException("a group ends that never began");
    }
  }

  /** Begins a nested message. */
  int enter() throws IOException {
    requireWireType(WireFormat.WIRETYPE_LENGTH_DELIMITED);
    return in.pushLimit(in.readRawVarint32());
  }

  /** Ends the nested message that {@link #enter()} answered this for. */
  void leave(int outer) throws IOException {
    in.checkLastTagWas(0);
    in.popLimit(outer);
  }

  /** A nested message or string, to be read on its own; this reader goes on behind it. */
  WireReader slice() throws IOException {
    requireWireType(WireFormat.WIRETYPE_LENGTH_DELIMITED);
    int length = in.readRawVarint32();
    int offset = start + in.getTotalBytesRead();
    in.skipRawBytes(length);
    return new WireReader(bytes, offset, length, pool);
  }

  /** A nested message as bytes. */
  byte[] message() throws IOException {
    requireWireType(WireFormat.WIRETYPE_LENGTH_DELIMITED);
    return in.readByteArray();
  }

  /** A string of which many are alike. */
  String pooledString() throws IOException {
    return pooledStringUntil(-1);
  }

  /** The same, cut before the first such byte. */
  String pooledStringUntil(int end) throws IOException {
    requireWireType(WireFormat.WIRETYPE_LENGTH_DELIMITED);
    int length = in.readRawVarint32();
    int offset = start + in.getTotalBytesRead();
    in.skipRawBytes(length);
    int kept = 0;
    while (kept < length && bytes[offset + kept] != end) {
      kept++;
    }
    return pool.get(bytes, offset, end < 0 ? length : kept);
  }

  /** A string of its own. */
  String string() throws IOException {
    requireWireType(WireFormat.WIRETYPE_LENGTH_DELIMITED);
    return in.readString();
  }

  /** An integer, a bool or an enum. */
  long varint() throws IOException {
    requireWireType(WireFormat.WIRETYPE_VARINT);
    return in.readRawVarint64();
  }

  /** Protobuf would read such a field as unknown; here the sender speaks another language. */
  private void requireWireType(int wireType) throws IOException {
    if (WireFormat.getTagWireType(in.getLastTag()) != wireType) {
      throw new IOException(
          "field " + WireFormat.getTagFieldNumber(in.getLastTag()) + " has another wire type");
    }
  }
}
