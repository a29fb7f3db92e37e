/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.bpf;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.Consumer;

/**
 * Takes records out of a BPF ring buffer's mapped memory, without a call into C for each of them.
 * One thread.
 *
 * <p>Of the memory (linux/kernel/bpf/ringbuf.c): a page with the consumer's position; a page with
 * the producer's; the data, twice in a row so that a record never wraps; mapped once here, since a
 * second mapping counts as memory of this process. A record begins at a multiple of 8 with a header
 * of 8 bytes: its length, with a bit each for "still being written" and "discarded", and an offset
 * of the kernel's own.
 */
final class RingReader {
  private static final int HEADER_BYTES = 8;
  private static final int BUSY = 1 << 31;
  private static final int DISCARDED = 1 << 30;

  /** The kernel finds room while a long batch is being read. */
  private static final int RECORDS_PER_RELEASE = 64;

  private static final VarHandle LONG =
      MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());
  private static final VarHandle INT =
      MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.nativeOrder());

  private final ByteBuffer consumerPage;
  private final ByteBuffer producerPage;
  private final ByteBuffer data;
  private final long mask;

  /**
   * A reader of mapped memory.
   *
   * @param consumerPage begins with the consumer's position; writable
   * @param producerPage begins with the producer's position
   * @param data the ring, once
   */
  RingReader(ByteBuffer consumerPage, ByteBuffer producerPage, ByteBuffer data) {
    this.consumerPage = consumerPage;
    this.producerPage = producerPage;
    this.data = data;
    mask = data.capacity() - 1L;
  }

  /**
   * Hands on a copy of each record that is complete, in order.
   *
   * @return how many
   */
  int read(Consumer<byte[]> records) {
    long position = (long) LONG.getOpaque(consumerPage, 0);
    long end = (long) LONG.getAcquire(producerPage, 0);
    int read = 0;
    int taken = 0;
    while (position < end) {
      int at = (int) (position & mask);
      int header = (int) INT.getAcquire(data, at);
      if ((header & BUSY) != 0) {
        break;
      }
      int length = header & ~DISCARDED;
      if ((header & DISCARDED) == 0) {
        records.accept(copy(at + HEADER_BYTES, length));
        read++;
      }
      position += (length + HEADER_BYTES + 7) & ~7;
      if (++taken % RECORDS_PER_RELEASE == 0) {
        LONG.setRelease(consumerPage, 0, position);
      }
    }
    LONG.setRelease(consumerPage, 0, position);
    return read;
  }

  private byte[] copy(int from, int length) {
    byte[] bytes = new byte[length];
    int first = Math.min(length, data.capacity() - from);
    data.get(from, bytes, 0, first);
    if (first < length) {
      data.get(0, bytes, first, length - first);
    }
    return bytes;
  }
}
