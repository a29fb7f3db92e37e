/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.hop;

import dev.sidelight.probe.event.IoEntry;
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
