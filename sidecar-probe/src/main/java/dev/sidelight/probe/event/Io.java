/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.event;

/** What can happen to a socket. */
public enum Io {
  /** Its owner sent. */
  SEND(WireField.SENDS, WireField.SEND_COUNT),
  /** Data reached it. */
  ARRIVAL(WireField.ARRIVALS, WireField.ARRIVAL_COUNT),
  /** Bytes were copied to its owner. */
  READ(WireField.READS, WireField.READ_COUNT);

  private final WireField entries;
  private final WireField count;

  Io(WireField entries, WireField count) {
    this.entries = entries;
    this.count = count;
  }

  WireField entries() {
    return entries;
  }

  WireField count() {
    return count;
  }
}
