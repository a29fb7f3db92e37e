/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.correlator;

import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;

/**
 * The entries of streams that wait on HTTP/2 connections, in the order in which their HEADERS went
 * by: what tells several streams apart that were read or sent at once. One thread.
 */
final class StreamEntries {

  private static final Comparator<StreamEntry> BY_TIME =
      Comparator.comparingLong(StreamEntry::nanos).thenComparingLong(StreamEntry::number);

  /**
   * One entry on one connection.
   *
   * @param nanos when its HEADERS went by, as Envoy stamped it, CLOCK_MONOTONIC
   * @param number tells two of the same time apart
   */
  record StreamEntry(ConnectionKey connection, String requestId, long nanos, long number) {}

  // state
  private final Map<ConnectionKey, TreeSet<StreamEntry>> byConnection = new HashMap<>();
  private long entered;

  StreamEntry enter(ConnectionKey connection, String requestId, long nanos) {
    StreamEntry entry = new StreamEntry(connection, requestId, nanos, ++entered);
    byConnection.computeIfAbsent(connection, key -> new TreeSet<>(BY_TIME)).add(entry);
    return entry;
  }

  /** Takes back what was entered; null is nothing. */
  void leave(StreamEntry entry) {
    TreeSet<StreamEntry> entries = entry == null ? null : byConnection.get(entry.connection());
    if (entries != null && entries.remove(entry) && entries.isEmpty()) {
      byConnection.remove(entry.connection());
    }
  }

  /** Those from a time on and before another. */
  NavigableSet<StreamEntry> between(ConnectionKey connection, long fromNanos, long toNanos) {
    TreeSet<StreamEntry> entries = byConnection.get(connection);
    return entries == null
        ? Collections.emptyNavigableSet()
        : entries.subSet(
            new StreamEntry(connection, "", fromNanos, 0),
            true,
            new StreamEntry(connection, "", toNanos, 0),
            false);
  }
}
