/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.edges;

import java.util.Arrays;

/** Grows while numbers >= 0 are appended, seven bits a byte. One thread. */
final class VarintBuffer {

  // state
  private byte[] bytes = new byte[512];
  private int size;

  void put(long value) {
    if (bytes.length - size < 10) {
      bytes = Arrays.copyOf(bytes, bytes.length * 2);
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
