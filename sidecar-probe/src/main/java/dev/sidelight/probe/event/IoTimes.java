/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.event;

import java.util.List;

/**
 * When a turn's I/O of one kind began and ended, 0 where there was none, and where it ended.
 *
 * @param firstNanos of the first entry that counts
 * @param lastNanos of the last
 * @param lastPosition of the last; without meaning where there was none
 */
record IoTimes(long firstNanos, long lastNanos, int lastPosition) {
  static final IoTimes NONE = new IoTimes(0, 0, 0);

  /**
   * Of these entries; where some are an application's plaintext, the first of those is the first.
   */
  static IoTimes of(List<IoEntry> entries) {
    if (entries.isEmpty()) {
      return NONE;
    }
    IoEntry first = entries.stream().filter(IoEntry::isPlain).findFirst().orElse(entries.get(0));
    IoEntry last = entries.get(entries.size() - 1);
    return new IoTimes(first.atNanos(), last.atNanos(), last.position());
  }

  boolean isNone() {
    return firstNanos == 0;
  }
}
