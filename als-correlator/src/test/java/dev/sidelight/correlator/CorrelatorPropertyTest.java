/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.correlator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sidelight.correlator.CorrelatorMetrics.RecordType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/**
 * Whatever is lost, doubled or out of order: nothing is lost in silence, and no figure is another
 * call's.
 */
class CorrelatorPropertyTest {

  private static final long SECOND_NANOS = 1_000_000_000L;
  private static final long BEGIN_NANOS = 100 * SECOND_NANOS;

  @Property(tries = 300)
  void accountingAndSumsHold_underLossDoublingAndReordering(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 40) int callCount,
      @ForAll @IntRange(min = 0, max = 40) int lossPercent,
      @ForAll @IntRange(min = 0, max = 20) int doublePercent) {
    Random random = new Random(seed);
    RecordingMetrics metrics = new RecordingMetrics();
    List<CorrelatedRequest> told = new ArrayList<>();
    Correlator correlator =
        new Correlator(new CorrelatorSettings(5 * SECOND_NANOS, 60, 300), metrics, told::add);
    correlator.onClockSample(TestCall.NODE, TestCall.clockSample(BEGIN_NANOS));

    long[] nowNanos = {BEGIN_NANOS};
    for (Consumer<Correlator> record :
        records(random, callCount, lossPercent, doublePercent, nowNanos)) {
      nowNanos[0] += random.nextInt(200_000_000);
      record.accept(correlator);
      correlator.advance(nowNanos[0]);
      assertBalance(metrics);
    }
    correlator.advance(nowNanos[0] + 20 * SECOND_NANOS);

    assertBalance(metrics);
    assertThat(metrics.pending.values()).allMatch(pending -> pending == 0);
    told.forEach(CorrelatorPropertyTest::assertOwnFigures);
    assertThat(told.stream().map(CorrelatedRequest::requestId).distinct().count())
        .isLessThanOrEqualTo(callCount);
  }

  private static List<Consumer<Correlator>> records(
      Random random, int callCount, int lossPercent, int doublePercent, long[] nowNanos) {
    List<Consumer<Correlator>> records = new ArrayList<>();
    for (int i = 1; i <= callCount; i++) {
      TestCall call = new TestCall(i, BEGIN_NANOS + i * 3_000_000L);
      call.stepMicros[9] = i;
      List<Consumer<Correlator>> own = new ArrayList<>();
      own.add(c -> c.onAccessLog(call.sourceEntry(), nowNanos[0]));
      own.add(c -> c.onAccessLog(call.destinationEntry(), nowNanos[0]));
      call.hops().forEach(hop -> own.add(c -> c.onHop(hop, nowNanos[0])));
      for (Consumer<Correlator> record : own) {
        if (random.nextInt(100) >= lossPercent) {
          records.add(record);
          if (random.nextInt(100) < doublePercent) {
            records.add(record);
          }
        }
      }
    }
    Collections.shuffle(records, random);
    return records;
  }

  private static void assertBalance(RecordingMetrics metrics) {
    for (RecordType type : RecordType.values()) {
      assertThat(metrics.balances(type)).as("%s %s", type, metrics.byOutcome).isTrue();
    }
  }

  /** The application time carries the call's number. */
  private static void assertOwnFigures(CorrelatedRequest call) {
    long sumNanos = 0;
    for (LatencyComponent component : LatencyComponent.values()) {
      long nanos = call.breakdown().nanos(component);
      assertThat(nanos).isGreaterThanOrEqualTo(LatencyBreakdown.ABSENT);
      sumNanos += Math.max(0, nanos);
    }
    assertThat(call.breakdown().totalNanos()).isEqualTo(sumNanos);
    long applicationNanos = call.breakdown().nanos(LatencyComponent.APPLICATION);
    if (applicationNanos != LatencyBreakdown.ABSENT) {
      assertThat("request-" + applicationNanos / 1_000).isEqualTo(call.requestId());
    }
  }
}
