/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.edges;

/** Reads what {@link VarintBuffer} wrote, in its order. One thread. */
public final class VarintReader {

  // deps
  private final byte[] bytes;
  // state
  private int position;

  /** Of what {@link VarintBuffer#toBytes} gave. */
  public VarintReader(byte[] bytes) {
    this.bytes = bytes;
  }

  /** The next number, which is known to be an int. */
  public int nextInt() {
    return (int) next();
  }

  /** The next number. */
  public long next() {
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
