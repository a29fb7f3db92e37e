/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.correlator;

import static dev.sidelight.correlator.JoinHarness.BEGIN_NANOS;
import static dev.sidelight.correlator.JoinHarness.withAcceptor;
import static dev.sidelight.correlator.JoinHarness.withInitiator;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Whoever waits for room, and whoever reads late: all of the call's time is somebody's, once. */
class FlowControlPropertyTest {

  @Property(tries = 500)
  void componentsSumToTheTotal_andNoneIsNegative(@ForAll long seed) {
    Random random = new Random(seed);
    TestCall call = new TestCall(1, BEGIN_NANOS);
    for (int i = 0; i < call.stepMicros.length; i++) {
      call.stepMicros[i] = random.nextInt(5) == 0 ? 0 : random.nextInt(5_000);
    }
    // A request that is sent and answered within the clock's error, 5 us, cannot be told from the
    // one
    // before it on its connection; no app is that fast.
    call.stepMicros[9] += 10;
    call.connectMicros = random.nextInt(3) == 0 ? 1 + random.nextInt(100) : 0;
    JoinHarness harness = new JoinHarness();
    harness.feedClock();
    List<HopRecord> hops = call.hops();
    for (HopRecord hop : hops) {
      HopRecord changed =
          hop.initiator() == null ? hop : withInitiator(hop, end -> changeAtRandom(end, random));
      harness.correlator.onHop(
          hop.acceptor() == null
              ? changed
              : withAcceptor(changed, end -> changeAtRandom(end, random)),
          BEGIN_NANOS);
    }
    harness.feedEntries(call);
    harness.settle();

    CorrelatedRequest told = harness.onlyCall();
    assertThat(told.coverage()).isEqualTo(Coverage.FULL);
    LatencyBreakdown breakdown = told.breakdown();
    assertThat(breakdown.totalNanos()).isEqualTo(call.point(19) - call.point(0));
    for (LatencyComponent component : LatencyComponent.values()) {
      assertThat(breakdown.nanos(component)).isGreaterThanOrEqualTo(LatencyBreakdown.ABSENT);
    }
    long rollups = 0;
    for (Rollup rollup : Rollup.values()) {
      rollups += Math.max(0, breakdown.nanos(rollup));
    }
    assertThat(rollups).isEqualTo(breakdown.totalNanos());
  }

  /** Its first arrival is moved before the last, its first read between that and the last read. */
  private static void changeAtRandom(TestEnd end, Random random) {
    end.flags |= random.nextBoolean() ? ExchangeEnd.WAITED_FOR_ROOM : 0;
    if (random.nextBoolean() && end.lastArrivalNanos < end.lastReadNanos) {
      end.firstArrivalNanos -= random.nextInt(20_000_000);
      end.firstReadNanos =
          end.firstArrivalNanos
              + (long) (random.nextDouble() * (end.lastReadNanos - end.firstArrivalNanos));
    }
  }
}
