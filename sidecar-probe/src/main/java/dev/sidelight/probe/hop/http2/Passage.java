/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.hop.http2;

import dev.sidelight.probe.hop.IoTimes;

/** The first and the last time that something befell a message's bytes; 0 where not seen. */
final class Passage {
  private long firstNanos;
  private long lastNanos;
  private int open;

  /** Asks for the first byte of a message. */
  void begin(Timeline times, int firstByte) {
    open++;
    times.when(firstByte + 1, this::first);
  }

  /** Asks for the last byte so far. */
  void extend(Timeline times, int end) {
    open++;
    times.when(end, this::last);
  }

  boolean isOpen() {
    return open > 0;
  }

  /** None unless both are known. */
  IoTimes times() {
    return firstNanos == 0 || lastNanos == 0
        ? IoTimes.NONE
        : new IoTimes(firstNanos, Math.max(firstNanos, lastNanos));
  }

  private void first(long nanos) {
    open--;
    firstNanos = nanos;
  }

  private void last(long nanos) {
    open--;
    lastNanos = nanos;
  }
}
