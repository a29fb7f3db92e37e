/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.hop.http2;

import java.nio.ByteBuffer;

/**
 * A frame as it was sent.
 *
 * @param position of its header's first byte
 * @param length of its payload in bytes
 * @param payload of HEADERS and CONTINUATION; null where it is of another type or was not seen
 *     whole
 */
record Frame(int position, int length, int type, int flags, int streamId, ByteBuffer payload) {
  static final int HEADER_BYTES = 9;

  static final int DATA = 0;
  static final int HEADERS = 1;
  static final int RST_STREAM = 3;
  static final int PUSH_PROMISE = 5;
  static final int CONTINUATION = 9;

  static final int END_STREAM = 1;
  static final int END_HEADERS = 4;
  static final int PADDED = 8;
  static final int PRIORITY = 32;

  /** Position after its last byte. */
  int end() {
    return position + HEADER_BYTES + length;
  }

  boolean has(int flag) {
    return (flags & flag) != 0;
  }

  /** Whether HPACK needs its payload. */
  boolean isOfHeaders() {
    return type == HEADERS || type == CONTINUATION;
  }
}
