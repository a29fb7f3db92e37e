/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.edges;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sidelight.controller.TestCalls;
import dev.sidelight.correlator.LatencyComponent;
import dev.sidelight.correlator.TransportFigures;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Ten edges at 50 calls a second for a quarter of an hour, every component measured. */
final class EdgeWindowMemoryTest {

  private static final long END = 1_800_000_000L;
  private static final int EDGES = 10;
  private static final int CALLS_PER_SECOND = 50;

  private long nowEpochSecond = END - 899;
  private final EdgeWindow window =
      new EdgeWindow(() -> Instant.ofEpochSecond(nowEpochSecond), EDGES, Long.MAX_VALUE);
  private final Random random = new Random(1);

  @Test
  void longestWindow_ofTenEdgesAtFiftyCallsASecond_fitsIn64MiB() {
    for (; nowEpochSecond <= END; nowEpochSecond++) {
      for (int i = 0; i < EDGES * CALLS_PER_SECOND; i++) {
        window.record(call(i % EDGES).call());
      }
    }
    nowEpochSecond = END;
    assertThat(window.snapshot(900)).hasSize(EDGES);
    assertThat(window.packedBytes()).as("bytes").isLessThan(64 << 20);
  }

  private TestCalls call(int edge) {
    TestCalls call =
        TestCalls.between(TestCalls.PRODUCTPAGE, TestCalls.bookinfo("app" + edge, "v1"))
            .startingAt(nowEpochSecond)
            .over(new TransportFigures(50_000 + random.nextInt(50_000), 0, 0, 300, 4000));
    long typicalNanos = 10_000;
    for (LatencyComponent component : LatencyComponent.values()) {
      typicalNanos = typicalNanos > 1_000_000 ? 10_000 : typicalNanos * 2;
      call.taking(component, (long) (typicalNanos * Math.exp(random.nextGaussian() / 2)));
    }
    return call;
  }
}
