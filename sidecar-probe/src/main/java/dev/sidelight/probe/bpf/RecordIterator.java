/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.bpf;

import java.util.function.Consumer;
import jnr.ffi.Pointer;

/**
 * Records of one size from an iterator of the kernel, which it resumes where the buffer was full,
 * so that none is lost. One thread.
 */
final class RecordIterator {
  private static final int BUFFERED = 64;

  private final Native libraries;
  private final Pointer link;
  private final int recordBytes;
  private final Pointer buffer;

  /**
   * Reads nothing yet.
   *
   * @param link the attached iterator; null where the kernel has none, which then gives nothing
   */
  RecordIterator(Native libraries, Pointer link, int recordBytes) {
    this.libraries = libraries;
    this.link = link;
    this.recordBytes = recordBytes;
    buffer = libraries.allocate(BUFFERED * recordBytes);
  }

  /** Lets it run once. */
  void read(Consumer<byte[]> records) {
    if (link == null) {
      return;
    }
    int fd =
        libraries.checked(
            "bpf_iter_create", libraries.bpf.bpf_iter_create(libraries.bpf.bpf_link__fd(link)));
    try {
      int size = BUFFERED * recordBytes;
      int filled = 0;
      long read = libraries.c.read(fd, buffer, size);
      while (read > 0) {
        filled = handOn(filled + (int) read, records);
        read = libraries.c.read(fd, buffer.slice(filled), size - filled);
      }
    } finally {
      libraries.c.close(fd);
    }
  }

  /** Hands on the whole records in the buffer and moves what is left to its beginning. */
  private int handOn(int filled, Consumer<byte[]> records) {
    int at = 0;
    while (filled - at >= recordBytes) {
      byte[] record = new byte[recordBytes];
      buffer.get(at, record, 0, recordBytes);
      records.accept(record);
      at += recordBytes;
    }
    byte[] rest = new byte[filled - at];
    buffer.get(at, rest, 0, rest.length);
    buffer.put(0, rest, 0, rest.length);
    return rest.length;
  }
}
