/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.correlator;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Makes differences of the cumulative counters of TCP entries, so that no byte is counted twice,
 * whatever comes late, again or in another order. Any thread: entries of TCP are few.
 *
 * <p>Memory is bounded. Where there is no room for another open connection, what is told of it on
 * the way is refused and its end tells all of it. A connection that was silent for long gives its
 * room up, and is remembered as one of which no more is taken.
 */
public final class TcpConnections {

  /** So many a controller holds open, and so many that are over it remembers. */
  public static final int DEFAULT_CAPACITY = 65_536;

  /** Beyond any flush interval that makes sense: its end was lost. */
  private static final long SILENCE_NANOS = 3_600_000_000_000L;

  // deps
  private final int capacity;

  // state
  /** The longest silent first. */
  private final Map<Key, Connection> open = new LinkedHashMap<>(16, 0.75f, true);

  private final Map<Key, Refusal> over;

  /**
   * None is known.
   *
   * @param capacity so many are held open, and so many that are over are remembered, at least 1
   */
  public TcpConnections(int capacity) {
    if (capacity < 1) {
      throw new IllegalArgumentException("capacity must be at least 1: " + capacity);
    }
    this.capacity = capacity;
    this.over =
        new LinkedHashMap<>() {
          @Override
          protected boolean removeEldestEntry(Map.Entry<Key, Refusal> eldest) {
            return size() > capacity;
          }
        };
  }

  /**
   * Takes an entry.
   *
   * @param nowNanos the caller's monotonic clock
   * @throws TcpRefusedException where nothing of it may be counted
   */
  public synchronized TcpTraffic onEntry(TcpLogEntry entry, long nowNanos)
      throws TcpRefusedException {
    Key key = new Key(entry.proxy().nodeId(), entry.streamId());
    Refusal refusal = over.get(key);
    if (refusal == Refusal.AFTER_END && entry.kind() == TcpLogEntry.Kind.END) {
      throw new TcpRefusedException(TcpRefusedException.DUPLICATE);
    }
    if (refusal != null) {
      throw new TcpRefusedException(refusal.reason);
    }
    Connection before = open.get(key);
    if (before != null) {
      refuseOlder(before, entry);
    }
    boolean ended = entry.kind() == TcpLogEntry.Kind.END;
    if (ended) {
      open.remove(key);
      over.put(key, Refusal.AFTER_END);
    } else {
      if (before == null) {
        makeRoom(nowNanos);
      }
      open.put(key, new Connection(entry.bytesReceived(), entry.bytesSent(), nowNanos));
    }
    return new TcpTraffic(
        entry,
        before == null,
        ended,
        entry.bytesReceived() - (before == null ? 0 : before.bytesReceived),
        entry.bytesSent() - (before == null ? 0 : before.bytesSent),
        ended ? Math.max(entry.durationNanos(), 0) : 0);
  }

  /** Connections that are open. */
  public synchronized int size() {
    return open.size();
  }

  /**
   * Counters only grow, and nothing else in an entry tells its place: of a connection that is idle
   * an entry that came twice looks like the next, and adds nothing either way.
   */
  private static void refuseOlder(Connection before, TcpLogEntry entry) throws TcpRefusedException {
    if (entry.kind() == TcpLogEntry.Kind.CONNECTED
        || entry.bytesReceived() < before.bytesReceived
        || entry.bytesSent() < before.bytesSent) {
      throw new TcpRefusedException("reordered");
    }
  }

  private void makeRoom(long nowNanos) throws TcpRefusedException {
    if (open.size() < capacity) {
      return;
    }
    Iterator<Map.Entry<Key, Connection>> eldest = open.entrySet().iterator();
    Map.Entry<Key, Connection> silent = eldest.next();
    if (nowNanos - silent.getValue().seenNanos < SILENCE_NANOS) {
      throw new TcpRefusedException("capacity");
    }
    Key key = silent.getKey();
    eldest.remove();
    over.put(key, Refusal.FORGOTTEN);
  }

  /** Why no more is taken of a connection. */
  private enum Refusal {
    AFTER_END("after_end"),
    FORGOTTEN("forgotten");

    private final String reason;

    Refusal(String reason) {
      this.reason = reason;
    }
  }

  /** Stream ids are unique at one Envoy. */
  private record Key(String nodeId, String streamId) {}

  /** What was counted of a connection, and when it was last heard of. */
  private record Connection(long bytesReceived, long bytesSent, long seenNanos) {}
}
