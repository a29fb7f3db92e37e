/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sidelight.controller.TestCalls;
import dev.sidelight.controller.edges.EdgeSnapshot;
import dev.sidelight.correlator.Coverage;
import dev.sidelight.correlator.LatencyComponent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** One writer, two readers, over half an hour of the clock: packed, late and folded slices. */
final class HistoryConcurrencyTest {

  private static final long START = 1_800_000_000L;
  private static final int SECONDS = 1_800;
  private static final int CALLS_PER_SECOND = 50;
  private static final long CALL_NANOS = 1_000_000;

  private final AtomicLong nowEpochSecond = new AtomicLong(START);
  private final History history =
      new History(() -> Instant.ofEpochSecond(nowEpochSecond.get()), 10, Long.MAX_VALUE);

  @Test
  void edges_whileRecording_areConsistentAndGrow() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(3);
    try {
      Future<?> writer = threads.submit(this::recordAll);
      List<Future<?>> readers = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        readers.add(threads.submit(() -> readUntil(writer)));
      }
      writer.get(60, TimeUnit.SECONDS);
      for (Future<?> reader : readers) {
        reader.get(60, TimeUnit.SECONDS);
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(history.edges(3600, edge -> true).get(0).requests())
        .isEqualTo(SECONDS * CALLS_PER_SECOND);
  }

  private void recordAll() {
    for (int second = 0; second < SECONDS; second++) {
      nowEpochSecond.set(START + second);
      for (int i = 0; i < CALLS_PER_SECOND; i++) {
        // Every tenth is late, so that packed slices grow again.
        long startSecond = i % 10 == 0 ? Math.max(0, second - 15) : second;
        history.record(
            TestCalls.productpageToReviews()
                .startingAt(START + startSecond)
                .taking(LatencyComponent.APPLICATION, CALL_NANOS)
                .call());
      }
    }
  }

  private void readUntil(Future<?> writer) {
    long requestsBefore = 0;
    while (!writer.isDone()) {
      for (EdgeSnapshot edge : history.edges(3600, key -> true)) {
        assertThat(edge.requests()).isGreaterThanOrEqualTo(requestsBefore);
        requestsBefore = edge.requests();
        assertThat(edge.coverage()).containsEntry(Coverage.FULL, edge.requests());
        assertThat(edge.total().count()).isEqualTo(edge.requests());
        assertThat(edge.total().sumNanos()).isEqualTo(edge.requests() * CALL_NANOS);
      }
      for (HistorySlice slice : history.slices(3600, 60, key -> true).slices()) {
        assertThat(slice.total().sumNanos()).isEqualTo(slice.requests() * CALL_NANOS);
      }
    }
  }
}
