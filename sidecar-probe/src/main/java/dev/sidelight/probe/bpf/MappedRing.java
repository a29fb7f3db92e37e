/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.bpf;

import com.kenai.jffi.MemoryIO;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.Consumer;
import jnr.ffi.Pointer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A BPF ring buffer, mapped until closed. One thread reads; it must not read after {@link #close}.
 */
final class MappedRing implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(MappedRing.class);
  private static final int PROT_READ = 1;
  private static final int PROT_WRITE = 2;
  private static final int MAP_SHARED = 1;

  // deps
  private final Native libraries;
  private final Consumer<byte[]> records;

  // state
  private final int pageBytes;
  private final long producerBytes;
  private final Pointer consumerPage;
  private final Pointer producerPages;
  private final RingReader reader;
  private boolean closed;

  /**
   * Maps the ring.
   *
   * @param mapFd the map's file descriptor
   * @param ringBytes its max_entries
   * @param records takes each record; what it throws costs that record only
   * @throws BpfException when it cannot be mapped
   */
  MappedRing(Native libraries, int mapFd, int ringBytes, Consumer<byte[]> records) {
    this.libraries = libraries;
    this.records = records;
    pageBytes = libraries.c.getpagesize();
    producerBytes = pageBytes + (long) ringBytes;
    consumerPage = map(mapFd, pageBytes, PROT_READ | PROT_WRITE, 0);
    try {
      producerPages = map(mapFd, producerBytes, PROT_READ, pageBytes);
    } catch (BpfException e) {
      libraries.c.munmap(consumerPage, pageBytes);
      throw e;
    }
    reader =
        new RingReader(
            view(consumerPage.address(), pageBytes),
            view(producerPages.address(), pageBytes),
            view(producerPages.address() + pageBytes, ringBytes));
  }

  /** Hands on what is there. */
  void consume() {
    reader.read(this::accept);
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    libraries.c.munmap(consumerPage, pageBytes);
    libraries.c.munmap(producerPages, producerBytes);
  }

  private void accept(byte[] bytes) {
    try {
      records.accept(bytes);
    } catch (RuntimeException e) {
      LOG.error("a record was lost", e);
    }
  }

  private Pointer map(int fd, long bytes, int protection, long offset) {
    Pointer address = libraries.c.mmap(null, bytes, protection, MAP_SHARED, fd, offset);
    if (address == null || address.address() == -1) {
      throw new BpfException("mmap of the ring buffer", libraries.errno());
    }
    return address;
  }

  private static ByteBuffer view(long address, int bytes) {
    return MemoryIO.getInstance()
        .newDirectByteBuffer(address, bytes)
        .order(ByteOrder.nativeOrder());
  }
}
