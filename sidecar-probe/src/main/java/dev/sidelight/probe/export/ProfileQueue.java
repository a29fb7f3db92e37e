/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.export;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Messages of profiles that wait for the controller, written. Nothing is sent twice; the newest say
 * all that is open, so the oldest go where the controller is away or slow, and are counted.
 * Thread-safe.
 */
final class ProfileQueue {
  private static final int BYTES_MAX = 1 << 20;

  private final Deque<byte[]> messages = new ArrayDeque<>();
  private int bytes;
  private long dropped;

  synchronized void offer(byte[] message) {
    messages.add(message);
    bytes += message.length;
    while (bytes > BYTES_MAX && messages.size() > 1) {
      bytes -= messages.removeFirst().length;
      dropped++;
    }
  }

  /** The oldest; null where there is none. */
  synchronized byte[] poll() {
    byte[] message = messages.poll();
    bytes -= message == null ? 0 : message.length;
    return message;
  }

  synchronized boolean isEmpty() {
    return messages.isEmpty();
  }

  synchronized long droppedCount() {
    return dropped;
  }
}
