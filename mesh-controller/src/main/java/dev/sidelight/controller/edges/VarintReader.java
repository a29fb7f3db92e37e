/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.edges;

/** Reads what {@link VarintBuffer} wrote, in its order. One thread. */
final class VarintReader {

  // deps
  private final byte[] bytes;
  // state
  private int position;

  VarintReader(byte[] bytes) {
    this.bytes = bytes;
  }

  int nextInt() {
    return (int) next();
  }

  long next() {
    byte first = bytes[position++];
    if (first >= 0) {
      return first;
    }
    long value = first & 0x7F;
    for (int shift = 7; ; shift += 7) {
      byte next = bytes[position++];
      value |= (long) (next & 0x7F) << shift;
      if (next >= 0) {
        return value;
      }
    }
  }
}
