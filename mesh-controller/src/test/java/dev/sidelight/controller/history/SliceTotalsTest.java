/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sidelight.controller.TestCalls;
import dev.sidelight.controller.edges.EdgeKey;
import dev.sidelight.correlator.CorrelatedRequest;
import dev.sidelight.correlator.LatencyComponent;
import dev.sidelight.correlator.TransportFigures;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Packing loses nothing: what is read back is packed as the same bytes, and told the same. */
final class SliceTotalsTest {

  private static final EdgeKey EDGE = EdgeKey.of(TestCalls.productpageToReviews().call());

  private final Random random = new Random(5);
  private final SliceTotals totals = new SliceTotals();
  private final SliceTotals readBack = new SliceTotals();

  @Test
  void pack_ofCallsOfAnyLength() {
    for (int calls : new int[] {1, 2, 15, 16, 17, 31, 500}) {
      totals.clear();
      for (int i = 0; i < calls; i++) {
        add(call((long) Math.exp(30 * random.nextDouble())));
      }
      assertThatPackingLosesNothing(calls);
    }
  }

  /** Counts of one bucket around the borders of how they are packed. */
  @Test
  void pack_ofEqualCalls() {
    CorrelatedRequest call = call(1_234_567);
    for (int calls : new int[] {1, 15, 16, 17, 127, 128, 143, 144, 145, 20_000}) {
      totals.clear();
      for (int i = 0; i < calls; i++) {
        add(call);
      }
      assertThatPackingLosesNothing(calls);
    }
  }

  @Test
  void add_ofTwoPackedIsTheirSum() {
    CorrelatedRequest fast = call(1_000_000);
    CorrelatedRequest slow = call(5_000_000);
    byte[] first = packed(fast);
    byte[] second = packed(slow, fast);
    byte[] all = packed(fast, fast, slow);
    readBack.add(first);
    readBack.add(second);
    assertThat(readBack.pack()).isEqualTo(all);
  }

  private byte[] packed(CorrelatedRequest... calls) {
    totals.clear();
    for (CorrelatedRequest call : calls) {
      add(call);
    }
    return totals.pack();
  }

  @Test
  void clear_leavesNothing() {
    add(call(1_000_000));
    totals.clear();
    assertThat(totals.toSlice(0)).isNull();
    assertThat(totals.toEdge(EDGE)).isNull();
    assertThat(totals.pack()).containsOnly(0);
  }

  private void assertThatPackingLosesNothing(int calls) {
    byte[] packed = totals.pack();
    readBack.clear();
    readBack.add(packed);
    assertThat(readBack.pack()).as("%d calls", calls).isEqualTo(packed);
    assertThat(readBack.toEdge(EDGE)).isEqualTo(totals.toEdge(EDGE));
    assertThat(readBack.toEdge(EDGE).requests()).isEqualTo(calls);
  }

  private void add(CorrelatedRequest call) {
    PendingCalls pending = new PendingCalls();
    pending.add(call);
    totals.add(pending);
  }

  private CorrelatedRequest call(long nanos) {
    return TestCalls.productpageToReviews()
        .over(new TransportFigures(random.nextInt(1_000_000), 1, 2, 300, 4_000))
        .answered(random.nextInt(4) == 0 ? 503 : 200, "-")
        .taking(LatencyComponent.APPLICATION, nanos)
        .taking(LatencyComponent.NETWORK, 0)
        .taking(LatencyComponent.SOURCE_APPLICATION_READ, nanos / 3)
        .call();
  }
}
