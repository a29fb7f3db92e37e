/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.bpf;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import jnr.ffi.Pointer;

/** Who listens on what, as the kernel knows it. One thread. */
public final class ListenerReader {
  /** Of struct hop_listener. */
  private static final int RECORD_BYTES = 12;

  private final RecordIterator iterator;

  ListenerReader(Native libraries, Pointer link) {
    iterator = new RecordIterator(libraries, link, RECORD_BYTES);
  }

  /** Looks at the files of all processes; empty where the kernel does not give them. */
  public List<ListeningPort> read() {
    List<ListeningPort> ports = new ArrayList<>();
    iterator.read(
        record -> {
          ByteBuffer bytes = ByteBuffer.wrap(record).order(ByteOrder.nativeOrder());
          ports.add(new ListeningPort(bytes.getInt(0), bytes.getInt(4), bytes.getInt(8)));
        });
    return ports;
  }
}
