/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.edges;

import java.util.Arrays;

/**
 * Bytes of one series over the last quarter of an hour, by {@link #SLOT_SECONDS}: access logs tell
 * a connection's bytes every few seconds. Thread-safe.
 */
final class TcpSeconds {

  static final int SLOT_SECONDS = 5;

  private static final int SLOTS = EdgeWindow.MAX_WINDOW_SECONDS / SLOT_SECONDS + 1;
  private static final long NEVER = Long.MIN_VALUE;

  // state
  private final long[] slotNumbers = new long[SLOTS];
  private final long[] received = new long[SLOTS];
  private final long[] sent = new long[SLOTS];
  private long newestEpochSecond = NEVER;

  TcpSeconds() {
    Arrays.fill(slotNumbers, NEVER);
  }

  synchronized void record(long epochSecond, long bytesReceived, long bytesSent) {
    long number = Math.floorDiv(epochSecond, (long) SLOT_SECONDS);
    int slot = (int) Math.floorMod(number, (long) SLOTS);
    if (slotNumbers[slot] != number) {
      slotNumbers[slot] = number;
      received[slot] = 0;
      sent[slot] = 0;
    }
    received[slot] += bytesReceived;
    sent[slot] += bytesSent;
    newestEpochSecond = Math.max(newestEpochSecond, epochSecond);
  }

  /** Bytes received, then sent, of the slots that begin after the first second's. */
  synchronized long[] between(long firstEpochSecond, long lastEpochSecond) {
    long first = Math.floorDiv(firstEpochSecond + SLOT_SECONDS - 1, (long) SLOT_SECONDS);
    long last = Math.floorDiv(lastEpochSecond, (long) SLOT_SECONDS);
    long[] bytes = new long[2];
    for (int slot = 0; slot < SLOTS; slot++) {
      if (slotNumbers[slot] >= first && slotNumbers[slot] <= last) {
        bytes[0] += received[slot];
        bytes[1] += sent[slot];
      }
    }
    return bytes;
  }

  synchronized long newestEpochSecond() {
    return newestEpochSecond;
  }
}
