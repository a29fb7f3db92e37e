/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.als;

import java.nio.charset.StandardCharsets;

/**
 * Strings that repeat from entry to entry, found by their bytes, so that a repeated one is neither
 * decoded nor allocated again. Each string has one slot, the newest wins it: bounded without any
 * bookkeeping. One thread.
 */
final class StringPool {

  private static final int SLOTS = 1 << 12;

  /** Longer ones hardly repeat, and would keep much memory. */
  private static final int LONGEST = 256;

  // state
  private final String[] slots = new String[SLOTS];

  /** The string of these UTF-8 bytes; malformed ones become replacement characters. */
  String get(byte[] bytes, int offset, int length) {
    if (length == 0) {
      return "";
    }
    if (length > LONGEST) {
      return new String(bytes, offset, length, StandardCharsets.UTF_8);
    }
    int slot = slotOf(bytes, offset, length);
    String pooled = slots[slot];
    if (pooled == null || !isAscii(pooled, bytes, offset, length)) {
      pooled = new String(bytes, offset, length, StandardCharsets.UTF_8);
      slots[slot] = pooled;
    }
    return pooled;
  }

  private static int slotOf(byte[] bytes, int offset, int length) {
    int hash = length;
    for (int i = offset; i < offset + length; i++) {
      hash = 31 * hash + bytes[i];
    }
    return (hash ^ (hash >>> 15)) & (SLOTS - 1);
  }

  /** Whether the string is these bytes, all of them ASCII; others are decoded each time. */
  private static boolean isAscii(String text, byte[] bytes, int offset, int length) {
    if (text.length() != length) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (bytes[offset + i] < 0 || text.charAt(i) != bytes[offset + i]) {
        return false;
      }
    }
    return true;
  }
}
