/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.hop;

import com.google.protobuf.ByteString;

/**
 * Texts that repeat from record to record: names of executables, methods, templates, and the
 * request id that the ends of one call share. A repeated one is kept once. Each text has one slot,
 * the newest wins it: bounded without any bookkeeping. One thread.
 */
final class TextPool {
  private static final int SLOTS = 1 << 15;

  /** Longer ones hardly repeat, and would keep much memory. */
  private static final int LONGEST = 256;

  // state
  private final ByteString[] keys = new ByteString[SLOTS];
  private final String[] texts = new String[SLOTS];

  /** The text of these UTF-8 bytes; malformed ones become replacement characters. */
  String text(ByteString bytes) {
    if (bytes.isEmpty()) {
      return "";
    }
    if (bytes.size() > LONGEST) {
      return bytes.toStringUtf8();
    }
    int hash = bytes.hashCode();
    int slot = (hash ^ hash >>> 15) & (SLOTS - 1);
    if (!bytes.equals(keys[slot])) {
      keys[slot] = bytes;
      texts[slot] = bytes.toStringUtf8();
    }
    return texts[slot];
  }
}
