/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.hop.http2;

import io.grpc.netty.shaded.io.netty.buffer.Unpooled;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Exception;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Headers;
import java.io.ByteArrayOutputStream;
import java.util.Optional;

/**
 * HPACK of one direction of one connection. Its table is what all blocks before have made of it, so
 * after a block that was not seen whole nothing can be read any more. One thread.
 */
final class HeaderDecoder {
  private static final int LIST_BYTES_MAX = 1 << 16;
  private static final int BLOCK_BYTES_MAX = 1 << 16;

  /** An encoder may use more than the 4096 of the start once its peer allowed it. */
  private static final int TABLE_BYTES_MAX = 1 << 16;

  // deps
  private final Http2Counters counters;
  private final DefaultHttp2HeadersDecoder decoder =
      new DefaultHttp2HeadersDecoder(false, LIST_BYTES_MAX);

  // state
  private final ByteArrayOutputStream block = new ByteArrayOutputStream();
  private boolean lost;

  HeaderDecoder(Http2Counters counters) {
    this.counters = counters;
    try {
      decoder.configuration().maxHeaderTableSize(TABLE_BYTES_MAX);
    } catch (Http2Exception e) {
      throw new IllegalStateException("a table of " + TABLE_BYTES_MAX + " bytes", e);
    }
  }

  /** A block, or a piece of one, was not seen; or none was seen from the start. */
  void lose() {
    if (!lost) {
      lost = true;
      counters.hpackLost();
    }
    block.reset();
  }

  /** Takes a frame; gives the headers when it ends a block that could be read. */
  Optional<Http2Headers> accept(Frame frame) {
    if (frame.type() == Frame.PUSH_PROMISE || (frame.isOfHeaders() && frame.payload() == null)) {
      lose();
    }
    if (lost || !frame.isOfHeaders()) {
      return Optional.empty();
    }
    append(frame);
    if (block.size() > BLOCK_BYTES_MAX) {
      lose();
    }
    return lost || !frame.has(Frame.END_HEADERS) ? Optional.empty() : decode(frame.streamId());
  }

  private Optional<Http2Headers> decode(int streamId) {
    byte[] bytes = block.toByteArray();
    block.reset();
    try {
      return Optional.of(decoder.decodeHeaders(streamId, Unpooled.wrappedBuffer(bytes)));
    } catch (Http2Exception.HeaderListSizeException e) {
      // The table is as it should be: only this list is too long.
      return Optional.empty();
    } catch (Http2Exception | RuntimeException e) {
      lose();
      return Optional.empty();
    }
  }

  private void append(Frame frame) {
    byte[] payload = frame.payload().array();
    int from = 0;
    int to = payload.length;
    if (frame.type() == Frame.HEADERS) {
      if (frame.has(Frame.PADDED)) {
        to -= payload.length == 0 ? 0 : payload[0] & 0xff;
        from++;
      }
      if (frame.has(Frame.PRIORITY)) {
        from += 5;
      }
    }
    if (from > to) {
      lose();
      return;
    }
    block.write(payload, from, to - from);
  }
}
