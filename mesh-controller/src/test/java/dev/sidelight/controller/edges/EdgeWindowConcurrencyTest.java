/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.edges;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sidelight.controller.TestCalls;
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

/** One thread records, others ask. */
final class EdgeWindowConcurrencyTest {

  private static final long START = 1_800_000_000L;
  private static final int SECONDS = 60;
  private static final int CALLS_PER_SECOND = 500;
  private static final long CALL_NANOS = 1_000_000;

  private final AtomicLong nowEpochSecond = new AtomicLong(START);
  private final EdgeWindow window =
      new EdgeWindow(() -> Instant.ofEpochSecond(nowEpochSecond.get()), 10);

  @Test
  void snapshot_whileRecording_isConsistentAndGrows() throws Exception {
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
    assertThat(window.snapshot(900).get(0).requests()).isEqualTo(SECONDS * CALLS_PER_SECOND);
  }

  private void recordAll() {
    for (int second = 0; second < SECONDS; second++) {
      nowEpochSecond.set(START + second);
      for (int i = 0; i < CALLS_PER_SECOND; i++) {
        // Every tenth is late, so that packed seconds are opened again.
        long startSecond = i % 10 == 0 ? Math.max(0, second - 15) : second;
        window.record(
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
      for (EdgeSnapshot edge : window.snapshot(900)) {
        assertThat(edge.requests()).isGreaterThanOrEqualTo(requestsBefore);
        requestsBefore = edge.requests();
        assertThat(edge.coverage()).containsEntry(Coverage.FULL, edge.requests());
        assertThat(edge.total().count()).isEqualTo(edge.requests());
        assertThat(edge.total().sumNanos()).isEqualTo(edge.requests() * CALL_NANOS);
        assertThat(edge.responses())
            .containsExactly(
                new ResponseCount(200, ResponseCount.NO_GRPC_STATUS, "-", edge.requests()));
      }
    }
  }
}
