/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.transport;

/** Reads or writes of a series. Not thread-safe. */
final class Transfer {
  private final TransportField direction;
  private final Durations times = new Durations();
  private long bytes;
  private long untimed;

  Transfer(TransportField direction) {
    this.direction = direction;
  }

  /** Adds what happened between two records of a connection. */
  void add(ConnectionRecord now, ConnectionRecord before) {
    bytes += now.ioBytes(direction) - (before == null ? 0 : before.ioBytes(direction));
    untimed +=
        Integer.toUnsignedLong(
            now.ioUntimed(direction) - (before == null ? 0 : before.ioUntimed(direction)));
    times.addTotal(now.ioNanos(direction) - (before == null ? 0 : before.ioNanos(direction)));
    for (int i = 0; i < ConnectionRecord.BUCKETS; i++) {
      int grown = now.ioBucket(direction, i) - (before == null ? 0 : before.ioBucket(direction, i));
      times.add(i, Integer.toUnsignedLong(grown));
    }
  }

  long calls() {
    return untimed + times.count();
  }

  long bytes() {
    return bytes;
  }

  Durations times() {
    return times;
  }
}
