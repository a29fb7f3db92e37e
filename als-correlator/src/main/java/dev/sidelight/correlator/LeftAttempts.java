/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.correlator;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The attempts whose call has been told before their destinations' entries came: until these come,
 * each takes one, or the window passes. One thread.
 */
final class LeftAttempts {

  // state
  private final ArrayDeque<Left> byAge = new ArrayDeque<>();
  private final Map<Key, List<Left>> byLink = new HashMap<>();
  private int size;

  int size() {
    return size;
  }

  void add(ReachedBy attempt, long nowNanos) {
    Left left = new Left(attempt, nowNanos);
    byAge.add(left);
    byLink.computeIfAbsent(Key.of(attempt.entry()), key -> new ArrayList<>(1)).add(left);
    size++;
  }

  /** Whether a destination's entry is of one of them. */
  boolean has(AccessLogEntry reached) {
    return find(reached) != null;
  }

  /** That one has its destination's entry. */
  void remove(AccessLogEntry reached) {
    remove(find(reached));
  }

  /** Removes what was left before a time. */
  void removeOlderThan(long nanos) {
    while (!byAge.isEmpty() && byAge.peek().nanos <= nanos) {
      removeOldest();
    }
  }

  /** Removes the oldest; false where there is none. */
  boolean removeOldest() {
    Left oldest = byAge.poll();
    if (oldest != null && !oldest.removed) {
      remove(oldest);
    }
    return oldest != null;
  }

  private Left find(AccessLogEntry reached) {
    if (size == 0) {
      return null;
    }
    Key key = new Key(reached.downstreamRemote(), reached.requestId());
    for (Left left : byLink.getOrDefault(key, List.of())) {
      if (left.attempt.reaches(reached)) {
        return left;
      }
    }
    return null;
  }

  private void remove(Left left) {
    Key key = Key.of(left.attempt.entry());
    List<Left> list = byLink.get(key);
    list.remove(left);
    if (list.isEmpty()) {
      byLink.remove(key);
    }
    left.removed = true;
    size--;
  }

  private static final class Left {
    private final ReachedBy attempt;
    private final long nanos;
    private boolean removed;

    private Left(ReachedBy attempt, long nanos) {
      this.attempt = attempt;
      this.nanos = nanos;
    }
  }

  private record Key(SocketAddress link, String requestId) {
    static Key of(AccessLogEntry attempt) {
      return new Key(attempt.upstreamLocal(), attempt.requestId());
    }
  }
}
