/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.correlator;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** The router's entries of single attempts, until their stream's entry takes them. One thread. */
final class AttemptWindow {

  // state
  private final ArrayDeque<Attempt> byAge = new ArrayDeque<>();
  private final Map<Key, List<Attempt>> byConnection = new HashMap<>();
  private int size;

  int size() {
    return size;
  }

  void add(AccessLogEntry entry, long nowNanos) {
    Attempt attempt = new Attempt(entry, nowNanos);
    byAge.add(attempt);
    byConnection.computeIfAbsent(Key.of(entry), key -> new ArrayList<>(2)).add(attempt);
    size++;
  }

  /** Removes and returns a stream's attempts, in the order of their start. */
  List<AccessLogEntry> takeFor(AccessLogEntry stream) {
    List<Attempt> candidates = size == 0 ? null : byConnection.get(Key.of(stream));
    if (candidates == null) {
      return List.of();
    }
    List<AccessLogEntry> taken = new ArrayList<>(1);
    for (Iterator<Attempt> all = candidates.iterator(); all.hasNext(); ) {
      Attempt attempt = all.next();
      if (belongs(attempt.entry, stream)) {
        all.remove();
        attempt.taken = true;
        taken.add(attempt.entry);
      }
    }
    if (candidates.isEmpty()) {
      byConnection.remove(Key.of(stream));
    }
    size -= taken.size();
    taken.sort(Comparator.comparingLong(AccessLogEntry::startEpochNanos));
    return taken;
  }

  /** Removes what came before a time; how many nobody had taken. */
  int removeOlderThan(long nanos) {
    int removed = 0;
    while (!byAge.isEmpty() && byAge.peek().receivedNanos <= nanos) {
      removed += removeOldest();
    }
    return removed;
  }

  /** Removes the oldest; 1 where nobody had taken it, else 0. */
  int removeOldest() {
    Attempt attempt = byAge.poll();
    if (attempt == null || attempt.taken) {
      return 0;
    }
    Key key = Key.of(attempt.entry);
    List<Attempt> list = byConnection.get(key);
    list.remove(attempt);
    if (list.isEmpty()) {
      byConnection.remove(key);
    }
    size--;
    return 1;
  }

  private static boolean belongs(AccessLogEntry attempt, AccessLogEntry stream) {
    long afterStartNanos = attempt.startEpochNanos() - stream.startEpochNanos();
    return attempt.requestId().equals(stream.requestId())
        && afterStartNanos >= 0
        && afterStartNanos <= Math.max(0, stream.durationNanos());
  }

  private static final class Attempt {
    private final AccessLogEntry entry;
    private final long receivedNanos;
    private boolean taken;

    private Attempt(AccessLogEntry entry, long receivedNanos) {
      this.entry = entry;
      this.receivedNanos = receivedNanos;
    }
  }

  private record Key(String podAddress, SocketAddress downstreamRemote) {
    static Key of(AccessLogEntry entry) {
      return new Key(entry.proxy().podAddress(), entry.downstreamRemote());
    }
  }
}
