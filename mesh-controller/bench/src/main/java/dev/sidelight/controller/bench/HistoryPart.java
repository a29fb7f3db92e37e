/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.bench;

import com.sun.management.ThreadMXBean;
import dev.sidelight.controller.history.History;
import dev.sidelight.correlator.CorrelatedRequest;
import dev.sidelight.correlator.LatencyBreakdown;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.IntSupplier;

/**
 * An hour of 1,000 edges, five calls a second on each: what a call costs that is recorded, with all
 * the packing, folding and forgetting that it brings about, what heap the hour takes in the end,
 * and how long it takes to read.
 */
final class HistoryPart implements Part {

  private static final int EDGES = 1_000;
  private static final int WORKLOADS = 300;
  private static final int CALLS_PER_EDGE_AND_SECOND = 5;
  private static final int SECONDS = 3_660;

  /** The default, for as many edges. */
  private static final long MAX_BYTES = 256 << 20;

  private static final int BREAKDOWNS = 50_000;
  private static final int READS = 5;
  private static final double NANOS_LIMIT = 2_000;
  private static final double BYTES_LIMIT = 400;
  private static final double READ_MILLIS_LIMIT = 2_000;
  private static final double NANOS_PER_MILLI = 1e6;
  private static final long NANOS_PER_SECOND = 1_000_000_000L;
  private static final long START = 1_800_000_000L;

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private final Random random = new Random(1);
  // state
  private long nowEpochSecond = START;

  @Override
  public List<Figure> measure() {
    List<CorrelatedRequest> templates = Calls.onEdges(EDGES, WORKLOADS, 1);
    List<LatencyBreakdown> breakdowns =
        Calls.onEdges(1, WORKLOADS, BREAKDOWNS).stream().map(CorrelatedRequest::breakdown).toList();
    long heapBefore = usedHeap();
    History history = new History(() -> Instant.ofEpochSecond(nowEpochSecond), EDGES, MAX_BYTES);
    long nanos = 0;
    long bytes = 0;
    CorrelatedRequest[] calls = new CorrelatedRequest[EDGES * CALLS_PER_EDGE_AND_SECOND];
    for (; nowEpochSecond < START + SECONDS; nowEpochSecond++) {
      for (int i = 0; i < calls.length; i++) {
        calls[i] = call(templates.get(i % EDGES), breakdowns.get(random.nextInt(BREAKDOWNS)));
      }
      long bytesBefore = threads.getCurrentThreadAllocatedBytes();
      long start = System.nanoTime();
      for (CorrelatedRequest call : calls) {
        history.record(call);
      }
      nanos += System.nanoTime() - start;
      bytes += threads.getCurrentThreadAllocatedBytes() - bytesBefore;
    }
    nowEpochSecond--;
    Arrays.fill(calls, null);
    double recorded = (double) SECONDS * calls.length;
    List<Figure> figures = new ArrayList<>();
    figures.add(new Figure("history_record_nanos", nanos / recorded, NANOS_LIMIT));
    figures.add(new Figure("history_record_bytes", bytes / recorded, BYTES_LIMIT));
    figures.add(new Figure("history_heap_mb", (usedHeap() - heapBefore) / 1e6, MAX_BYTES / 1e6));
    figures.add(new Figure("history_told_mb", history.heapBytes() / 1e6, Figure.NONE));
    figures.add(new Figure("history_evicted_slices", history.evictedSlices(), 0));
    figures.add(
        new Figure(
            "history_folded_early_seconds",
            History.FINE_WINDOW_SECONDS - history.fineSeconds(),
            0));
    figures.add(
        read("history_edges_wall_millis", () -> history.edges(3_600, edge -> true).size(), EDGES));
    figures.add(
        read(
            "history_slices_wall_millis",
            () -> history.slices(3_600, 60, edge -> true).slices().size(),
            60));
    return figures;
  }

  private CorrelatedRequest call(CorrelatedRequest template, LatencyBreakdown breakdown) {
    return new CorrelatedRequest(
        template.source(),
        template.destination(),
        template.destinationService(),
        template.protocol(),
        template.method(),
        template.path(),
        template.requestId(),
        template.traceparent(),
        template.responseCode(),
        template.responseFlags(),
        template.requestBytes(),
        template.responseBytes(),
        template.sourcePrincipal(),
        template.destinationPrincipal(),
        nowEpochSecond * NANOS_PER_SECOND,
        template.coverage(),
        template.reason(),
        template.flags(),
        breakdown,
        template.ends(),
        template.oneClock());
  }

  private static Figure read(String name, IntSupplier reading, int expected) {
    double[] millis = new double[READS];
    for (int i = -READS; i < READS; i++) {
      long start = System.nanoTime();
      if (reading.getAsInt() != expected) {
        throw new IllegalStateException(name + ": not " + expected);
      }
      if (i >= 0) {
        millis[i] = (System.nanoTime() - start) / NANOS_PER_MILLI;
      }
    }
    Arrays.sort(millis);
    return new Figure(name, millis[READS / 2], READ_MILLIS_LIMIT);
  }

  private static long usedHeap() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }
}
