/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.history;

/** Reads what a {@link VarintBuffer} has. One thread. */
final class VarintReader {

  // deps
  private final byte[] bytes;
  // state
  private int position;

  VarintReader(byte[] bytes) {
    this.bytes = bytes;
  }

  long next() {
    long value = 0;
    int shift = 0;
    byte read = bytes[position++];
    while (read < 0) {
      value |= (long) (read & 0x7F) << shift;
      shift += 7;
      read = bytes[position++];
    }
    return value | (long) read << shift;
  }

  int nextInt() {
    return (int) next();
  }
}
