/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.history;

import dev.sidelight.controller.edges.EdgeKey;
import dev.sidelight.controller.edges.EdgeSnapshot;
import dev.sidelight.controller.edges.LatencyFigures;
import dev.sidelight.controller.edges.Segment;
import dev.sidelight.controller.edges.SegmentFigures;
import dev.sidelight.controller.edges.VarintBuffer;
import dev.sidelight.controller.edges.VarintReader;
import dev.sidelight.correlator.Coverage;
import dev.sidelight.correlator.LatencyComponent;
import dev.sidelight.correlator.Rollup;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Adds up slices, with a counter a bucket, and packs the sum. One thread; some 70 KB, to be used
 * again.
 *
 * <p>A packed slice is varints: requests, errors, one number a coverage; number of series, then for
 * each its number, sum in nanoseconds, number of buckets, and for each bucket the buckets skipped
 * since the one before, times 16, plus its count less 1, where 15 says that another number follows:
 * the count less 16. Last the number of segments seen, then ordinal and five figures of each.
 */
final class SliceTotals extends SliceCounts {

  private static final int SHORT_COUNT_BITS = 4;
  private static final int LONG_COUNT = (1 << SHORT_COUNT_BITS) - 1;

  // deps
  private final VarintBuffer packed = new VarintBuffer();
  // state
  private final int[] counts = new int[SliceSeries.COUNT * LatencyBuckets.COUNT];
  private final int[] lowest = new int[SliceSeries.COUNT];
  private final int[] highest = new int[SliceSeries.COUNT];

  SliceTotals() {
    clear();
  }

  void clear() {
    requests = 0;
    errors = 0;
    Arrays.fill(byCoverage, 0);
    Arrays.fill(sumsNanos, 0);
    Arrays.fill(segments, 0);
    for (int series = 0; series < SliceSeries.COUNT; series++) {
      if (isMeasured(series)) {
        int first = series * LatencyBuckets.COUNT;
        Arrays.fill(counts, first + lowest[series], first + highest[series] + 1, 0);
      }
    }
    Arrays.fill(lowest, LatencyBuckets.COUNT);
    Arrays.fill(highest, -1);
  }

  void add(PendingCalls calls) {
    addCounts(calls);
    for (int i = 0; i < calls.size(); i++) {
      int entry = calls.entry(i);
      add(entry / LatencyBuckets.COUNT, entry % LatencyBuckets.COUNT, 1);
    }
  }

  void add(byte[] packedSlice) {
    VarintReader reader = new VarintReader(packedSlice);
    requests += reader.next();
    errors += reader.next();
    for (int i = 0; i < byCoverage.length; i++) {
      byCoverage[i] += reader.next();
    }
    for (int left = reader.nextInt(); left > 0; left--) {
      int series = reader.nextInt();
      sumsNanos[series] += reader.next();
      addBuckets(series, reader);
    }
    for (int left = reader.nextInt(); left > 0; left--) {
      int first = reader.nextInt() * SEGMENT_FIGURES;
      for (int i = 0; i < SEGMENT_FIGURES; i++) {
        segments[first + i] += reader.next();
      }
    }
  }

  private void addBuckets(int series, VarintReader reader) {
    int bucket = -1;
    for (int left = reader.nextInt(); left > 0; left--) {
      int token = reader.nextInt();
      bucket += 1 + (token >> SHORT_COUNT_BITS);
      int count = 1 + (token & LONG_COUNT);
      add(series, bucket, count > LONG_COUNT ? count + reader.nextInt() : count);
    }
  }

  private void add(int series, int bucket, int count) {
    counts[series * LatencyBuckets.COUNT + bucket] += count;
    lowest[series] = Math.min(lowest[series], bucket);
    highest[series] = Math.max(highest[series], bucket);
  }

  byte[] pack() {
    packed.clear();
    packed.put(requests);
    packed.put(errors);
    for (long calls : byCoverage) {
      packed.put(calls);
    }
    packed.put(Arrays.stream(highest).filter(bucket -> bucket >= 0).count());
    for (int series = 0; series < SliceSeries.COUNT; series++) {
      if (isMeasured(series)) {
        packSeries(series);
      }
    }
    packSegments();
    return packed.toBytes();
  }

  private void packSeries(int series) {
    packed.put(series);
    packed.put(sumsNanos[series]);
    int first = series * LatencyBuckets.COUNT;
    packed.put(distinct(first + lowest[series], first + highest[series]));
    int previous = -1;
    for (int bucket = lowest[series]; bucket <= highest[series]; bucket++) {
      int count = counts[first + bucket];
      if (count > 0) {
        int skipped = bucket - previous - 1;
        packed.put((skipped << SHORT_COUNT_BITS) + Math.min(count - 1, LONG_COUNT));
        if (count > LONG_COUNT) {
          packed.put(count - LONG_COUNT - 1);
        }
        previous = bucket;
      }
    }
  }

  private int distinct(int first, int last) {
    int distinct = 0;
    for (int i = first; i <= last; i++) {
      distinct += counts[i] > 0 ? 1 : 0;
    }
    return distinct;
  }

  private void packSegments() {
    int seen = 0;
    for (int first = 0; first < segments.length; first += SEGMENT_FIGURES) {
      seen += segments[first] > 0 ? 1 : 0;
    }
    packed.put(seen);
    for (Segment segment : SEGMENTS) {
      int first = segment.ordinal() * SEGMENT_FIGURES;
      if (segments[first] > 0) {
        packed.put(segment.ordinal());
        for (int i = 0; i < SEGMENT_FIGURES; i++) {
          packed.put(segments[first + i]);
        }
      }
    }
  }

  private boolean isMeasured(int series) {
    return highest[series] >= 0;
  }

  /** Null where nothing was added. */
  HistorySlice toSlice(long startEpochSecond) {
    return requests == 0
        ? null
        : new HistorySlice(
            startEpochSecond,
            requests,
            errors,
            figures(SliceSeries.TOTAL),
            rollups(),
            components());
  }

  /** Without the responses, which are not kept; null where nothing was added. */
  EdgeSnapshot toEdge(EdgeKey edge) {
    return requests == 0
        ? null
        : new EdgeSnapshot(
            edge,
            requests,
            errors,
            coverage(),
            figures(SliceSeries.TOTAL),
            rollups(),
            components(),
            figures(SliceSeries.UPSTREAM_WAIT),
            figures(SliceSeries.APPLICATION_SELF),
            segmentFigures(),
            List.of());
  }

  private Map<Coverage, Long> coverage() {
    return measured(Coverage.class, coverage -> byCoverage[coverage.ordinal()]);
  }

  private Map<Rollup, LatencyFigures> rollups() {
    return measured(Rollup.class, rollup -> figures(SliceSeries.of(rollup)));
  }

  private Map<LatencyComponent, LatencyFigures> components() {
    return measured(LatencyComponent.class, component -> figures(SliceSeries.of(component)));
  }

  private Map<Segment, SegmentFigures> segmentFigures() {
    return measured(Segment.class, this::segmentFigures);
  }

  /** What there is a value of, in the order of the enum. */
  static <K extends Enum<K>, V> Map<K, V> measured(Class<K> keys, Function<K, V> value) {
    Map<K, V> map = new EnumMap<>(keys);
    for (K key : keys.getEnumConstants()) {
      V measured = value.apply(key);
      if (measured != null) {
        map.put(key, measured);
      }
    }
    return Collections.unmodifiableMap(map);
  }

  private SegmentFigures segmentFigures(Segment segment) {
    int first = segment.ordinal() * SEGMENT_FIGURES;
    if (segments[first] == 0) {
      return null;
    }
    LatencyFigures roundTrip = figures(SliceSeries.roundTripOf(segment));
    return new SegmentFigures(
        segments[first],
        roundTrip == null ? SegmentFigures.ABSENT : roundTrip.p50Nanos(),
        segments[first + 1],
        segments[first + 2],
        segments[first + 3],
        segments[first + 4]);
  }

  /** Null where it was not measured. */
  private LatencyFigures figures(int series) {
    if (!isMeasured(series)) {
      return null;
    }
    long count = 0;
    int first = series * LatencyBuckets.COUNT;
    for (int bucket = lowest[series]; bucket <= highest[series]; bucket++) {
      count += counts[first + bucket];
    }
    return new LatencyFigures(
        count,
        sumsNanos[series],
        percentileNanos(series, count, 0.50),
        percentileNanos(series, count, 0.95),
        percentileNanos(series, count, 0.99));
  }

  private long percentileNanos(int series, long count, double share) {
    return LatencyBuckets.middleNanos(bucketOf(series, (long) Math.ceil(share * count)));
  }

  /** Bucket of the call of that rank, 1 the shortest. */
  private int bucketOf(int series, long rank) {
    int first = series * LatencyBuckets.COUNT;
    int bucket = lowest[series];
    for (long seen = counts[first + bucket]; seen < rank; seen += counts[first + bucket]) {
      bucket++;
    }
    return bucket;
  }
}
