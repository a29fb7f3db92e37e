/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.edges;

import dev.sidelight.correlator.CorrelatedRequest;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;
import java.util.function.Predicate;

/**
 * Figures of every edge, exact to the second, over any window up to {@link #MAX_WINDOW_SECONDS}. A
 * call belongs to the second of the wall clock that it <em>started</em> in, however late it is
 * recorded; a window of n seconds is the current second and the n-1 before it.
 *
 * <p>{@link #record} is for one thread, the correlator's; everything else for any.
 */
public final class EdgeWindow {

  /** Shortest window. */
  public static final int MIN_WINDOW_SECONDS = 5;

  /** Longest window. */
  public static final int MAX_WINDOW_SECONDS = 900;

  /** Calls from nodes whose clocks run ahead are taken so far. */
  private static final int MAX_AHEAD_SECONDS = 60;

  /** A second stays open so long: most calls arrive by then, and late ones open it again. */
  private static final int OPEN_SECONDS = 10;

  /** Seconds thinned in one step when the bound on bytes is passed. */
  private static final int THINNING_SECONDS = 10;

  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  // deps
  private final InstantSource clock;
  private final int maxEdges;
  private final long maxBytes;
  // state
  private final Map<EdgeKey, EdgeSeconds> edges = new ConcurrentHashMap<>();
  private final AtomicLong mergedCalls = new AtomicLong();
  private final AtomicLong outOfRangeCalls = new AtomicLong();
  private long tidiedEpochSecond;
  private volatile long thinnedBeforeEpochSecond = Long.MIN_VALUE;

  /** A window that takes a quarter of the heap at most; see the other constructor. */
  public EdgeWindow(InstantSource clock, int maxEdges) {
    this(clock, maxEdges, Runtime.getRuntime().maxMemory() / 4);
  }

  /**
   * An empty window.
   *
   * @param clock wall clock
   * @param maxEdges edges kept apart, at least 1; what comes beyond is merged into {@link
   *     EdgeKey#OTHER} and counted
   * @param maxBytes packed seconds held at most; beyond, the oldest seconds lose what percentiles
   *     are computed from, so that percentiles of longer windows are those of the younger part;
   *     counts and sums stay exact
   */
  public EdgeWindow(InstantSource clock, int maxEdges, long maxBytes) {
    if (maxEdges < 1) {
      throw new IllegalArgumentException("maxEdges must be at least 1: " + maxEdges);
    }
    this.clock = clock;
    this.maxEdges = maxEdges;
    this.maxBytes = maxBytes;
  }

  /** Adds a call to its edge's second. One that started too long ago or ahead is only counted. */
  public void record(CorrelatedRequest call) {
    long now = nowEpochSecond();
    if (now != tidiedEpochSecond) {
      tidy(now);
    }
    long second = Math.floorDiv(call.startEpochNanos(), NANOS_PER_SECOND);
    if (second <= now - MAX_WINDOW_SECONDS || second > now + MAX_AHEAD_SECONDS) {
      outOfRangeCalls.incrementAndGet();
      return;
    }
    secondsOf(EdgeKey.of(call)).record(call, second);
  }

  /**
   * Every edge with calls in the window that ends with the current second, in the order of {@link
   * EdgeKey}.
   *
   * @throws IllegalArgumentException for a window outside {@link #MIN_WINDOW_SECONDS}..{@link
   *     #MAX_WINDOW_SECONDS}
   */
  public List<EdgeSnapshot> snapshot(int windowSeconds) {
    return snapshot(windowSeconds, nowEpochSecond());
  }

  /** As {@link #snapshot(int)}, but the window ends with the given second. */
  public List<EdgeSnapshot> snapshot(int windowSeconds, long lastEpochSecond) {
    return snapshot(windowSeconds, lastEpochSecond, edge -> true);
  }

  /** As {@link #snapshot(int)}, of some edges alone. */
  public List<EdgeSnapshot> snapshot(int windowSeconds, Predicate<EdgeKey> matching) {
    return snapshot(windowSeconds, nowEpochSecond(), matching);
  }

  private List<EdgeSnapshot> snapshot(
      int windowSeconds, long lastEpochSecond, Predicate<EdgeKey> matching) {
    checkWindow(windowSeconds);
    List<EdgeSnapshot> snapshots = new ArrayList<>();
    new TreeMap<>(edges)
        .forEach(
            (edge, seconds) -> {
              if (!matching.test(edge)) {
                return;
              }
              EdgeTotals totals = new EdgeTotals();
              seconds
                  .between(lastEpochSecond - windowSeconds + 1, lastEpochSecond)
                  .forEach(packed -> SecondCodec.decode(packed, totals));
              if (totals.requests() > 0) {
                snapshots.add(totals.toSnapshot(edge, seconds.responseFlags()));
              }
            });
    return Collections.unmodifiableList(snapshots);
  }

  /**
   * Durations of several edges as if they were one: percentiles are those of all their calls
   * together. Every percentile is {@link LatencyFigures#ABSENT} where all its seconds were thinned.
   *
   * @param <G> what edges are grouped by
   * @param group the group that a duration of an edge belongs to, null to leave it out; the
   *     durations of one group must be of one kind
   * @return figures of each group in which the duration was measured
   * @throws IllegalArgumentException as {@link #snapshot(int)}
   */
  public <G> Map<G, LatencyFigures> merged(
      int windowSeconds, long lastEpochSecond, BiFunction<EdgeKey, EdgeDuration, G> group) {
    checkWindow(windowSeconds);
    MergedDurations<G> merged = new MergedDurations<>();
    edges.forEach(
        (edge, seconds) -> {
          Map<EdgeDuration, G> groups = new EnumMap<>(EdgeDuration.class);
          for (EdgeDuration duration : EdgeDuration.values()) {
            groups.put(duration, group.apply(edge, duration));
          }
          if (groups.values().stream().anyMatch(Objects::nonNull)) {
            merged.of(groups);
            seconds
                .between(lastEpochSecond - windowSeconds + 1, lastEpochSecond)
                .forEach(packed -> SecondCodec.decode(packed, merged, MergedDurations.LAST_SERIES));
          }
        });
    return merged.figures();
  }

  /**
   * What every edge carried in the window that ends with the given second, in no order.
   *
   * @param windowSeconds as for {@link #snapshot(int)}
   * @param parts whether the durations of sidecars, network and application are read too
   * @param idle whether edges without a call in the window are told as well, as long as they are
   *     held
   */
  public List<EdgeTraffic> traffic(
      int windowSeconds, long lastEpochSecond, boolean parts, boolean idle) {
    checkWindow(windowSeconds);
    TrafficTotals totals = new TrafficTotals(parts);
    List<EdgeTraffic> traffic = new ArrayList<>(edges.size());
    edges.forEach(
        (edge, seconds) -> {
          totals.clear();
          seconds
              .between(lastEpochSecond - windowSeconds + 1, lastEpochSecond)
              .forEach(totals::add);
          if (idle || totals.requests() > 0) {
            traffic.add(totals.toTraffic(edge, seconds));
          }
        });
    return traffic;
  }

  /** Calls merged into {@link EdgeKey#OTHER} since the start. */
  public long mergedCalls() {
    return mergedCalls.get();
  }

  /** Calls refused since the start for having begun too long ago or ahead of now. */
  public long outOfRangeCalls() {
    return outOfRangeCalls.get();
  }

  /** Edges held now. */
  public int edges() {
    return edges.size();
  }

  /** Bytes of the packed seconds. */
  public long packedBytes() {
    return edges.values().stream().mapToLong(EdgeSeconds::packedBytes).sum();
  }

  /** Seconds of the longest window whose percentiles were given up for memory. */
  public long thinnedSeconds() {
    long first = nowEpochSecond() - MAX_WINDOW_SECONDS + 1;
    return Math.max(first, thinnedBeforeEpochSecond) - first;
  }

  private static void checkWindow(int windowSeconds) {
    if (windowSeconds < MIN_WINDOW_SECONDS || windowSeconds > MAX_WINDOW_SECONDS) {
      throw new IllegalArgumentException("window out of range: " + windowSeconds + " s");
    }
  }

  private EdgeSeconds secondsOf(EdgeKey edge) {
    EdgeSeconds seconds = edges.get(edge);
    if (seconds != null) {
      return seconds;
    }
    boolean full = edges.size() >= maxEdges;
    if (full) {
      mergedCalls.incrementAndGet();
    }
    return edges.computeIfAbsent(full ? EdgeKey.OTHER : edge, key -> new EdgeSeconds());
  }

  private void tidy(long nowEpochSecond) {
    tidiedEpochSecond = nowEpochSecond;
    edges
        .values()
        .removeIf(seconds -> seconds.newestEpochSecond() <= nowEpochSecond - MAX_WINDOW_SECONDS);
    long packBefore = nowEpochSecond - OPEN_SECONDS;
    edges.values().forEach(seconds -> seconds.packBefore(packBefore));
    while (packedBytes() > maxBytes && thinnedBeforeEpochSecond < packBefore) {
      long oldest = nowEpochSecond - MAX_WINDOW_SECONDS;
      long thinBefore = Math.max(thinnedBeforeEpochSecond, oldest) + THINNING_SECONDS;
      edges.values().forEach(seconds -> seconds.thinBefore(thinBefore));
      thinnedBeforeEpochSecond = thinBefore;
    }
  }

  private long nowEpochSecond() {
    return Math.floorDiv(clock.millis(), 1000L);
  }
}
