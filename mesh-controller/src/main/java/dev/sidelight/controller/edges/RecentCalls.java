/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.edges;

import dev.sidelight.correlator.CorrelatedRequest;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The calls recorded last, whole. {@link #record} is for one thread, all else for any. */
public final class RecentCalls {

  /** A call with six ends, its strings and the objects around it: about so many bytes of heap. */
  private static final int BYTES_PER_CALL = 3 * 1024;

  private static final int DEFAULT_CAPACITY = 10_000;
  private static final long NANOS_PER_SECOND = 1_000_000_000L;
  private static final Comparator<CorrelatedRequest> NEWEST_FIRST =
      Comparator.comparingLong(CorrelatedRequest::startEpochNanos).reversed();
  private static final Comparator<CorrelatedRequest> SLOWEST_FIRST =
      Comparator.<CorrelatedRequest>comparingLong(call -> call.breakdown().totalNanos())
          .reversed()
          .thenComparing(NEWEST_FIRST);

  // deps
  private final InstantSource clock;
  // state
  private final CorrelatedRequest[] ring;
  private long recorded;

  /**
   * An empty ring.
   *
   * @param clock wall clock
   * @param capacity calls kept, at least 1; about 3 KB each
   */
  public RecentCalls(InstantSource clock, int capacity) {
    if (capacity < 1) {
      throw new IllegalArgumentException("capacity must be at least 1: " + capacity);
    }
    this.clock = clock;
    this.ring = new CorrelatedRequest[capacity];
  }

  /** 10,000, or fewer where they would take more than an eighth of the heap. */
  public static int defaultCapacity(long maxHeapBytes) {
    return (int) Math.max(100, Math.min(DEFAULT_CAPACITY, maxHeapBytes / 8 / BYTES_PER_CALL));
  }

  /** Keeps the call in the place of the oldest. */
  public synchronized void record(CorrelatedRequest call) {
    ring[(int) (recorded++ % ring.length)] = call;
  }

  /**
   * Matching calls that started within the window, the last started first.
   *
   * @param windowSeconds the window ends now
   * @param matching which
   * @param limit how many at most
   */
  public List<CorrelatedRequest> newest(
      int windowSeconds, Predicate<CorrelatedRequest> matching, int limit) {
    return first(Stream.of(copy()), windowSeconds, matching, limit, NEWEST_FIRST);
  }

  /**
   * As {@link #newest}, but the longest total comes first.
   *
   * @param others calls from elsewhere, each once, some of which may be here as well
   */
  public List<CorrelatedRequest> slowest(
      int windowSeconds,
      Predicate<CorrelatedRequest> matching,
      int limit,
      List<CorrelatedRequest> others) {
    Set<CorrelatedRequest> calls = Collections.newSetFromMap(new IdentityHashMap<>());
    calls.addAll(Arrays.asList(copy()));
    calls.addAll(others);
    return first(calls.stream(), windowSeconds, matching, limit, SLOWEST_FIRST);
  }

  private List<CorrelatedRequest> first(
      Stream<CorrelatedRequest> calls,
      int windowSeconds,
      Predicate<CorrelatedRequest> matching,
      int limit,
      Comparator<CorrelatedRequest> order) {
    long firstEpochSecond = Math.floorDiv(clock.millis(), 1000L) - windowSeconds + 1;
    return calls
        .filter(Objects::nonNull)
        .filter(call -> call.startEpochNanos() >= firstEpochSecond * NANOS_PER_SECOND)
        .filter(matching)
        .sorted(order)
        .limit(limit)
        .toList();
  }

  private synchronized CorrelatedRequest[] copy() {
    return ring.clone();
  }
}
