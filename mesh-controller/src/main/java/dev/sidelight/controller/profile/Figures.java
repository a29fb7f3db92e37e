/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.profile;

import java.util.Map;
import java.util.TreeMap;

/**
 * What ends of connections have carried, and how they opened and closed. Parts are made when there
 * is something for them. Not thread-safe.
 */
final class Figures {

  private static final int BYTES = 104;
  private static final int COUNT_BYTES = 96;

  // state
  private long writeCalls;
  private long writeBytes;
  private long readCalls;
  private long readBytes;
  private long retransmits;
  private Durations writes;
  private Durations reads;
  private Durations roundTrips;
  private Durations connects;
  private Durations accepts;
  private Durations closes;
  private Map<String, Long> connectionsByCloser = Map.of();
  private Map<String, Long> packetsByDrop = Map.of();

  /** Calls that sent; null where no time was taken. */
  void addWrites(long calls, long bytes, Durations durations) {
    writeCalls += calls;
    writeBytes += bytes;
    writes = sum(writes, durations);
  }

  /** Calls that took. */
  void addReads(long calls, long bytes, Durations durations) {
    readCalls += calls;
    readBytes += bytes;
    reads = sum(reads, durations);
  }

  /** Smoothed round trips at the writes. */
  void addRoundTrips(Durations durations) {
    roundTrips = sum(roundTrips, durations);
  }

  /** One that came about, by who opened it. */
  void addConnect(long nanos) {
    connects = sum(connects, Durations.ofOne(nanos));
  }

  /** One that came about, by who accepted it. */
  void addAccept(long nanos) {
    accepts = sum(accepts, Durations.ofOne(nanos));
  }

  /** One that ended; 0 nanoseconds where that took no time of this end's. */
  void addClose(String closer, long nanos) {
    connectionsByCloser = added(connectionsByCloser, Map.of(closer, 1L));
    if (nanos > 0) {
      closes = sum(closes, Durations.ofOne(nanos));
    }
  }

  void addRetransmits(long segments) {
    retransmits += segments;
  }

  void addDrops(Map<String, Long> packets) {
    packetsByDrop = added(packetsByDrop, packets);
  }

  /** All of another one's. */
  void add(Figures other) {
    addWrites(other.writeCalls, other.writeBytes, other.writes);
    addReads(other.readCalls, other.readBytes, other.reads);
    roundTrips = sum(roundTrips, other.roundTrips);
    connects = sum(connects, other.connects);
    accepts = sum(accepts, other.accepts);
    closes = sum(closes, other.closes);
    connectionsByCloser = added(connectionsByCloser, other.connectionsByCloser);
    retransmits += other.retransmits;
    packetsByDrop = added(packetsByDrop, other.packetsByDrop);
  }

  private static Durations sum(Durations one, Durations other) {
    if (one == null || other == null) {
      return one == null ? other : one;
    }
    return one.plus(other);
  }

  private static Map<String, Long> added(Map<String, Long> one, Map<String, Long> other) {
    if (one.isEmpty() || other.isEmpty()) {
      return one.isEmpty() ? other : one;
    }
    Map<String, Long> sum = new TreeMap<>(one);
    other.forEach((key, count) -> sum.merge(key, count, Long::sum));
    return sum;
  }

  /** Nothing has happened. */
  boolean isEmpty() {
    return writeCalls == 0
        && readCalls == 0
        && retransmits == 0
        && roundTrips == null
        && connects == null
        && accepts == null
        && connectionsByCloser.isEmpty()
        && packetsByDrop.isEmpty();
  }

  /** Heap, estimated. */
  int bytes() {
    int bytes = BYTES + COUNT_BYTES * (connectionsByCloser.size() + packetsByDrop.size());
    for (Durations part : new Durations[] {writes, reads, roundTrips, connects, accepts, closes}) {
      bytes += part == null ? 0 : part.bytes();
    }
    return bytes;
  }

  long writeCalls() {
    return writeCalls;
  }

  long writeBytes() {
    return writeBytes;
  }

  long readCalls() {
    return readCalls;
  }

  long readBytes() {
    return readBytes;
  }

  long retransmits() {
    return retransmits;
  }

  /** Null where no time was taken, as all of these. */
  Durations writes() {
    return writes;
  }

  Durations reads() {
    return reads;
  }

  Durations roundTrips() {
    return roundTrips;
  }

  Durations connects() {
    return connects;
  }

  Durations accepts() {
    return accepts;
  }

  Durations closes() {
    return closes;
  }

  Map<String, Long> connectionsByCloser() {
    return connectionsByCloser;
  }

  Map<String, Long> packetsByDrop() {
    return packetsByDrop;
  }
}
