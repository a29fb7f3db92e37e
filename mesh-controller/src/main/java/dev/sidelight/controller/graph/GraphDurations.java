/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.graph;

import java.util.Arrays;
import java.util.List;

/**
 * How many calls took how long. Those of several edges are added before a percentile is taken;
 * percentiles are never added or averaged. Immutable.
 */
public final class GraphDurations {

  /** Of no call. */
  public static final GraphDurations NONE = new GraphDurations(0, 0, new long[0], new int[0]);

  // state
  private final long calls;
  private final long sumNanos;
  private final long[] nanos;
  private final int[] counts;

  /**
   * Takes the arrays over.
   *
   * @param calls in which it was measured
   * @param sumNanos their sum
   * @param nanos lengths that occurred, ascending
   * @param counts how often each did; in sum at most {@code calls}
   */
  public GraphDurations(long calls, long sumNanos, long[] nanos, int[] counts) {
    if (nanos.length != counts.length) {
      throw new IllegalArgumentException(nanos.length + " lengths, " + counts.length + " counts");
    }
    this.calls = calls;
    this.sumNanos = sumNanos;
    this.nanos = nanos;
    this.counts = counts;
  }

  /** Pairs at a time, so that many are added as fast as a merge sort. */
  static GraphDurations sum(List<GraphDurations> durations) {
    return switch (durations.size()) {
      case 0 -> NONE;
      case 1 -> durations.get(0);
      default -> {
        int half = durations.size() / 2;
        yield sum(durations.subList(0, half)).plus(sum(durations.subList(half, durations.size())));
      }
    };
  }

  private GraphDurations plus(GraphDurations other) {
    long[] allNanos = new long[nanos.length + other.nanos.length];
    int[] allCounts = new int[allNanos.length];
    int size = 0;
    int here = 0;
    int there = 0;
    while (here < nanos.length || there < other.nanos.length) {
      long next =
          Math.min(
              here < nanos.length ? nanos[here] : Long.MAX_VALUE,
              there < other.nanos.length ? other.nanos[there] : Long.MAX_VALUE);
      allNanos[size] = next;
      if (here < nanos.length && nanos[here] == next) {
        allCounts[size] += counts[here++];
      }
      if (there < other.nanos.length && other.nanos[there] == next) {
        allCounts[size] += other.counts[there++];
      }
      size++;
    }
    return new GraphDurations(
        calls + other.calls,
        sumNanos + other.sumNanos,
        Arrays.copyOf(allNanos, size),
        Arrays.copyOf(allCounts, size));
  }

  long calls() {
    return calls;
  }

  /** Nanoseconds; 0 of no call. */
  long meanNanos() {
    return calls == 0 ? 0 : sumNanos / calls;
  }

  /** The least length that so many percent of the calls do not exceed; negative where not known. */
  long percentileNanos(int percent) {
    long all = Arrays.stream(counts).asLongStream().sum();
    long rank = Math.max(1, (all * percent + 99) / 100);
    long seen = 0;
    for (int i = 0; i < counts.length; i++) {
      seen += counts[i];
      if (seen >= rank) {
        return nanos[i];
      }
    }
    return -1;
  }
}
