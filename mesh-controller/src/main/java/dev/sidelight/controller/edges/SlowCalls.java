/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.edges;

import dev.sidelight.correlator.CorrelatedRequest;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The slowest calls of each edge and minute of the last quarter of an hour, whole: they are there
 * when the ring of recent calls has long passed them. {@link #record} is for one thread, {@link
 * #calls} for any.
 */
public final class SlowCalls {

  /** Kept of each edge and minute. */
  static final int PER_MINUTE = 5;

  /** The window's, and the one that it begins in. */
  static final int MINUTES = EdgeWindow.MAX_WINDOW_SECONDS / 60 + 1;

  /** One more, for calls from nodes whose clocks run ahead. */
  private static final int SLOTS = MINUTES + 1;

  private static final int BYTES_PER_CALL = 3 * 1024;
  private static final int DEFAULT_CAPACITY = 5_000;
  private static final long NANOS_PER_MINUTE = 60_000_000_000L;
  private static final long MILLIS_PER_MINUTE = 60_000;

  // deps
  private final InstantSource clock;
  private final int capacity;
  // state
  private final Map<EdgeKey, SlowMinute[]> edges = new HashMap<>();
  private int kept;
  private long firstMinute = Long.MIN_VALUE;

  /**
   * None yet.
   *
   * @param clock wall clock
   * @param capacity calls kept, at least 1; beyond, the oldest minute of all edges is forgotten,
   *     and of the current one nothing is added
   */
  public SlowCalls(InstantSource clock, int capacity) {
    if (capacity < 1) {
      throw new IllegalArgumentException("capacity must be at least 1: " + capacity);
    }
    this.clock = clock;
    this.capacity = capacity;
  }

  /** 5,000, or fewer where they would take more than a sixteenth of the heap. */
  public static int defaultCapacity(long maxHeapBytes) {
    return (int) Math.max(50, Math.min(DEFAULT_CAPACITY, maxHeapBytes / 16 / BYTES_PER_CALL));
  }

  /** Keeps the call where it is one of the slowest of its edge's minute. */
  public synchronized void record(CorrelatedRequest call) {
    long now = Math.floorDiv(clock.millis(), MILLIS_PER_MINUTE);
    if (firstMinute <= now - MINUTES) {
      forgetBefore(now - MINUTES + 1);
    }
    long minute = Math.floorDiv(call.startEpochNanos(), NANOS_PER_MINUTE);
    if (minute < firstMinute || minute > now + 1) {
      return;
    }
    EdgeKey edge = EdgeKey.of(call);
    SlowMinute slowest = minuteOf(edge, minute);
    if (slowest == null || !slowest.isFull()) {
      if (!hasRoom(minute, now)) {
        return;
      }
      kept++;
      slowest = slowest == null ? newMinute(edge, minute) : slowest;
    }
    slowest.add(call);
  }

  /** Null where it has none yet. */
  private SlowMinute minuteOf(EdgeKey edge, long minute) {
    SlowMinute[] minutes = edges.get(edge);
    return minutes == null ? null : minutes[slot(minute)];
  }

  private SlowMinute newMinute(EdgeKey edge, long minute) {
    SlowMinute slowest = new SlowMinute(minute);
    edges.computeIfAbsent(edge, key -> new SlowMinute[SLOTS])[slot(minute)] = slowest;
    return slowest;
  }

  private static int slot(long minute) {
    return (int) Math.floorMod(minute, (long) SLOTS);
  }

  /** Makes it, as far as older minutes can be forgotten. */
  private boolean hasRoom(long minute, long now) {
    while (kept >= capacity && firstMinute < now) {
      forgetBefore(firstMinute + 1);
    }
    return kept < capacity && minute >= firstMinute;
  }

  private void forgetBefore(long minute) {
    firstMinute = minute;
    edges
        .values()
        .removeIf(
            minutes -> {
              boolean empty = true;
              for (int slot = 0; slot < SLOTS; slot++) {
                if (minutes[slot] != null && minutes[slot].minute() < minute) {
                  kept -= minutes[slot].size();
                  minutes[slot] = null;
                }
                empty &= minutes[slot] == null;
              }
              return empty;
            });
  }

  /** All that are kept, in no order. */
  public synchronized List<CorrelatedRequest> calls() {
    List<CorrelatedRequest> calls = new ArrayList<>(kept);
    for (SlowMinute[] minutes : edges.values()) {
      for (SlowMinute minute : minutes) {
        if (minute != null) {
          minute.addTo(calls);
        }
      }
    }
    return calls;
  }
}
