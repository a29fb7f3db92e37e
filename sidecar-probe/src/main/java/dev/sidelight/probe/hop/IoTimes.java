/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.hop;

import dev.sidelight.probe.event.Io;
import dev.sidelight.probe.event.IoEntry;
import dev.sidelight.probe.event.WireRecord;
import java.util.List;

/**
 * When I/O of one kind began and ended, CLOCK_MONOTONIC nanoseconds; 0 where there was none.
 *
 * @param firstNanos the first that counts
 * @param lastNanos the last
 */
public record IoTimes(long firstNanos, long lastNanos) {
  /** There was none. */
  public static final IoTimes NONE = new IoTimes(0, 0);

  /**
   * Of entries in order; where some are an application's plaintext, the first of those is the
   * first.
   */
  static IoTimes of(List<IoEntry> entries) {
    if (entries.isEmpty()) {
      return NONE;
    }
    IoEntry first = entries.get(0);
    for (IoEntry entry : entries) {
      if (entry.isPlain()) {
        first = entry;
        break;
      }
    }
    return new IoTimes(first.atNanos(), entries.get(entries.size() - 1).atNanos());
  }

  /** The same of a turn's, without making the list. */
  static IoTimes of(WireRecord turn, Io kind) {
    int known = turn.known(kind);
    if (known == 0) {
      return NONE;
    }
    int first = 0;
    for (int i = 0; i < known; i++) {
      if ((turn.flags(kind, i) & IoEntry.PLAIN) != 0) {
        first = i;
        break;
      }
    }
    return new IoTimes(turn.nanos(kind, first), turn.nanos(kind, known - 1));
  }

  /**
   * Of the sends whose bytes lie from one position up to another; their entries are where they
   * begin.
   */
  static IoTimes covering(List<IoEntry> sends, int start, int end) {
    long first = 0;
    long last = 0;
    for (IoEntry send : sends) {
      if (first == 0 || send.position() - start <= 0) {
        first = send.atNanos();
      }
      if (send.position() - end < 0) {
        last = send.atNanos();
      }
    }
    return new IoTimes(first, last);
  }

  /** When the first byte after a position was there, and the last before another. */
  static IoTimes reaching(List<IoEntry> entries, int start, int end) {
    long first = 0;
    long last = 0;
    for (IoEntry entry : entries) {
      if (first == 0 && entry.position() - start > 0) {
        first = entry.atNanos();
      }
      if (first != 0 && last == 0 && entry.position() - end >= 0) {
        last = entry.atNanos();
      }
    }
    return first == 0 || last == 0 ? NONE : new IoTimes(first, last);
  }

  /** The one, then the other. */
  IoTimes then(IoTimes later) {
    if (isNone() || later.isNone()) {
      return isNone() ? later : this;
    }
    return new IoTimes(firstNanos, later.lastNanos);
  }

  /** Whether there was any. */
  public boolean isNone() {
    return firstNanos == 0;
  }
}
