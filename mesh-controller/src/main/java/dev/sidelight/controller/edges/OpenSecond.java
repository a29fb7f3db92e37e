/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.edges;

import dev.sidelight.correlator.CallEnds;
import dev.sidelight.correlator.CorrelatedRequest;
import dev.sidelight.correlator.ExchangeEnd;
import dev.sidelight.correlator.LatencyBreakdown;
import dev.sidelight.correlator.LatencyComponent;
import dev.sidelight.correlator.Rollup;
import dev.sidelight.correlator.TransportFigures;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import java.util.Arrays;

/**
 * One second of one edge while calls still come in: a list of bucket numbers a series. A packed
 * second is read back into one of these when a late call reaches it. Guarded by its {@link
 * EdgeSeconds}.
 */
final class OpenSecond extends SecondCounts {

  private static final Rollup[] ROLLUPS = Rollup.values();
  private static final LatencyComponent[] COMPONENTS = LatencyComponent.values();
  private static final Segment[] SEGMENTS = Segment.values();
  private static final String GRPC = "grpc";
  private static final int NOT_TOLD = ResponseCount.NO_GRPC_STATUS;

  // state
  private final IntArrayList[] buckets = new IntArrayList[Series.COUNT];

  void add(CorrelatedRequest call, int responseFlagsId) {
    requests++;
    errors += call.isError() ? 1 : 0;
    byCoverage[call.coverage().ordinal()]++;
    carried(call.requestBytes(), call.responseBytes(), call.isMutualTls() ? 1 : 0);
    responses.add(call.responseCode(), grpcStatus(call), responseFlagsId, 1);
    addBreakdown(call.breakdown());
    for (Segment segment : SEGMENTS) {
      TransportFigures figures = segment.of(call);
      if (figures != null) {
        addSegment(segment, figures);
      }
    }
  }

  /** As the end nearest to the caller told it. */
  private static int grpcStatus(CorrelatedRequest call) {
    if (!call.protocol().equals(GRPC)) {
      return NOT_TOLD;
    }
    CallEnds ends = call.ends();
    int beyond =
        grpcStatus(ends.destinationUpstream(), grpcStatus(ends.destinationApp(), NOT_TOLD));
    return grpcStatus(ends.sourceApp(), grpcStatus(ends.sourceDownstream(), beyond));
  }

  private static int grpcStatus(ExchangeEnd end, int otherwise) {
    return end == null || end.grpcStatus() == ExchangeEnd.NO_GRPC_STATUS
        ? otherwise
        : end.grpcStatus();
  }

  private void addBreakdown(LatencyBreakdown breakdown) {
    addDuration(Series.TOTAL, breakdown.totalNanos());
    addDuration(Series.SOURCE_SIDECAR, SidecarTime.ofSource(breakdown));
    addDuration(Series.DESTINATION_SIDECAR, SidecarTime.ofDestination(breakdown));
    addDuration(Series.UPSTREAM_WAIT, breakdown.applicationUpstreamWaitNanos());
    addDuration(Series.APPLICATION_SELF, breakdown.applicationSelfNanos());
    for (Rollup rollup : ROLLUPS) {
      addDuration(Series.of(rollup), breakdown.nanos(rollup));
    }
    for (LatencyComponent component : COMPONENTS) {
      addDuration(Series.of(component), breakdown.nanos(component));
    }
  }

  private void addSegment(Segment segment, TransportFigures figures) {
    long[] sums = segmentFigures[segment.ordinal()];
    segmentCalls[segment.ordinal()]++;
    sums[0] += figures.retransmits();
    sums[1] += figures.drops();
    sums[2] += figures.bytesSent();
    sums[3] += figures.bytesReceived();
    // The kernel has no srtt before its first sample.
    if (figures.smoothedRttNanos() > 0) {
      addDuration(Series.roundTripOf(segment), figures.smoothedRttNanos());
    }
  }

  private void addDuration(int series, long nanos) {
    if (nanos == LatencyBreakdown.ABSENT) {
      return;
    }
    series(series, 1, nanos);
    bucket(series, Buckets.index(nanos), 1);
  }

  @Override
  public void bucket(int series, int bucket, int count) {
    if (buckets[series] == null) {
      buckets[series] = new IntArrayList(4);
    }
    for (int i = 0; i < count; i++) {
      buckets[series].add(bucket);
    }
  }

  /** What {@link SecondCodec} reads; without buckets counts and sums remain. */
  byte[] pack(boolean withBuckets) {
    VarintBuffer out = new VarintBuffer();
    out.put(requests);
    out.put(errors);
    putAll(out, byCoverage);
    out.put(requestBytes);
    out.put(responseBytes);
    out.put(mutualTlsRequests);
    responses.pack(out);
    out.put(Arrays.stream(counts).filter(count -> count > 0).count());
    for (int series = 0; series < Series.COUNT; series++) {
      if (counts[series] > 0) {
        packSeries(out, series, withBuckets);
      }
    }
    out.put(Arrays.stream(segmentCalls).filter(calls -> calls > 0).count());
    for (int segment = 0; segment < SEGMENTS.length; segment++) {
      if (segmentCalls[segment] > 0) {
        out.put(segment);
        out.put(segmentCalls[segment]);
        putAll(out, segmentFigures[segment]);
      }
    }
    return out.toBytes();
  }

  private void packSeries(VarintBuffer out, int series, boolean withBuckets) {
    out.put(series);
    out.put(counts[series]);
    out.put(sumsNanos[series]);
    int[] sorted =
        withBuckets && buckets[series] != null ? buckets[series].toIntArray() : new int[0];
    Arrays.sort(sorted);
    out.put(distinct(sorted));
    int previous = 0;
    for (int from = 0; from < sorted.length; ) {
      int to = from + 1;
      while (to < sorted.length && sorted[to] == sorted[from]) {
        to++;
      }
      out.put(sorted[from] - previous);
      out.put(to - from);
      previous = sorted[from];
      from = to;
    }
  }

  private static int distinct(int[] sorted) {
    int distinct = sorted.length == 0 ? 0 : 1;
    for (int i = 1; i < sorted.length; i++) {
      distinct += sorted[i] == sorted[i - 1] ? 0 : 1;
    }
    return distinct;
  }

  private static void putAll(VarintBuffer out, long[] values) {
    for (long value : values) {
      out.put(value);
    }
  }
}
