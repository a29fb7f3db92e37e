/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.edges;

import java.util.Arrays;

/** Grows while numbers >= 0 are appended, seven bits a byte. One thread. */
public final class VarintBuffer {

  private static final int LONGEST = 10;

  // state
  private byte[] bytes = new byte[512];
  private int size;

  /** Begins anew. */
  public void clear() {
    size = 0;
  }

  /** Appends a number from 0 on. */
  public void put(long value) {
    if (bytes.length - size < LONGEST) {
      bytes = Arrays.copyOf(bytes, bytes.length * 2);
    }
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      bytes[size++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[size++] = (byte) rest;
  }

  /** A copy of what was appended. */
  public byte[] toBytes() {
    return Arrays.copyOf(bytes, size);
  }
}
