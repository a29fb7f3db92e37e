/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.hop.http2;

import dev.sidelight.probe.event.WireHead;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Puts frames together from the pieces that the kernel kept: a header of 9 bytes, of HEADERS and
 * CONTINUATION with the payload, in one piece or several that follow one another. One thread.
 */
final class FrameReader {
  /** Larger lists of headers are refused by every server. */
  private static final int PAYLOAD_MAX = 1 << 16;

  /** Takes what was read. */
  interface Sink {
    /** The next frame. */
    void frame(Frame frame);

    /** Frames are missing before the next. */
    void gap();
  }

  // deps
  private final Sink sink;

  // state: of a frame that is not whole yet
  private byte[] bytes = new byte[256];
  private int filled;
  private int start;
  private boolean placed;
  private int expected;

  FrameReader(Sink sink) {
    this.sink = sink;
  }

  /** Takes the next piece; pieces come in the order of their positions. */
  void accept(WireHead piece) {
    int position = piece.position();
    int length = piece.text().length();
    if (filled > 0 && position != start + filled) {
      cutShort();
    }
    if (filled == 0) {
      start = position;
    }
    if (filled + length > bytes.length) {
      bytes = Arrays.copyOf(bytes, 2 * (filled + length));
    }
    piece.text().copyTo(bytes, filled);
    filled += length;
    if (filled >= Frame.HEADER_BYTES && filled >= Frame.HEADER_BYTES + wanted()) {
      deliver(true);
    } else if (filled > PAYLOAD_MAX) {
      cutShort();
    }
  }

  /** What comes next does not follow what came last. */
  void gap() {
    cutShort();
    if (placed) {
      placed = false;
      sink.gap();
    }
  }

  private void cutShort() {
    if (filled >= Frame.HEADER_BYTES) {
      deliver(false);
    }
    filled = 0;
  }

  private void deliver(boolean whole) {
    Frame frame =
        new Frame(
            start,
            length(),
            type(),
            bytes[4] & 0xff,
            ((bytes[5] & 0x7f) << 24)
                | ((bytes[6] & 0xff) << 16)
                | ((bytes[7] & 0xff) << 8)
                | (bytes[8] & 0xff),
            whole && isWanted() ? payload() : null);
    filled = 0;
    if (placed && frame.position() != expected) {
      sink.gap();
    }
    placed = true;
    expected = frame.end();
    sink.frame(frame);
  }

  private ByteBuffer payload() {
    return ByteBuffer.wrap(
        Arrays.copyOfRange(bytes, Frame.HEADER_BYTES, Frame.HEADER_BYTES + length()));
  }

  private int wanted() {
    return isWanted() ? length() : 0;
  }

  private boolean isWanted() {
    return type() == Frame.HEADERS || type() == Frame.CONTINUATION;
  }

  private int type() {
    return bytes[3] & 0xff;
  }

  private int length() {
    return ((bytes[0] & 0xff) << 16) | ((bytes[1] & 0xff) << 8) | (bytes[2] & 0xff);
  }
}
