/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.history;

import java.util.Arrays;

/** Grows by numbers of seven bits a byte. One thread. */
final class VarintBuffer {

  private static final int LONGEST = 10;

  // state
  private byte[] bytes = new byte[1024];
  private int size;

  void clear() {
    size = 0;
  }

  void put(long value) {
    if (bytes.length - size < LONGEST) {
      bytes = Arrays.copyOf(bytes, 2 * bytes.length);
    }
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      bytes[size++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[size++] = (byte) rest;
  }

  byte[] toBytes() {
    return Arrays.copyOf(bytes, size);
  }
}
