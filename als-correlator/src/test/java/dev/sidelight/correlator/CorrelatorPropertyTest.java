/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.correlator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sidelight.correlator.CorrelatorMetrics.RecordType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.statistics.Statistics;

/**
 * Whatever is lost, doubled, late or out of order: nothing is lost in silence, and no figure is
 * another call's.
 */
class CorrelatorPropertyTest {

  private static final long WINDOW_NANOS = 5_000_000_000L;
  private static final int PLENTY = 100_000;

  @Provide
  Arbitrary<MeshTraffic> disturbed() {
    return MeshTrafficArbitraries.disturbed();
  }

  @Provide
  Arbitrary<MeshTraffic> complete() {
    return MeshTrafficArbitraries.complete();
  }

  @Property(tries = 500)
  void accountingHolds_atAnyTimeAndNothingStays(@ForAll("disturbed") MeshTraffic traffic) {
    Replay replay = new Replay(PLENTY, PLENTY);
    replay.run(traffic, () -> {});

    assertThat(replay.metrics.pending.values()).allMatch(pending -> pending == 0);
  }

  @Property(tries = 500)
  void memoryIsBounded_andTheAccountingHoldsAtTheBounds(
      @ForAll("disturbed") MeshTraffic traffic,
      @ForAll @IntRange(min = 1, max = 30) int maxEntries,
      @ForAll @IntRange(min = 2, max = 60) int maxEnds) {
    Replay replay = new Replay(maxEntries, maxEnds);
    Map<RecordType, Integer> pending = replay.metrics.pending;
    replay.run(
        traffic,
        () -> {
          assertThat(pending.get(RecordType.ENTRY)).isLessThanOrEqualTo(maxEntries);
          assertThat(pending.get(RecordType.END)).isLessThanOrEqualTo(maxEnds);
        });

    assertThat(pending.values()).allMatch(count -> count == 0);
    replay.told.forEach(call -> assertOwnIdentity(traffic, call));
  }

  @Property(tries = 500)
  void everyFigureIsTheCallsOwn_whateverIsLost(@ForAll("disturbed") MeshTraffic traffic) {
    Replay replay = new Replay(PLENTY, PLENTY);
    replay.run(traffic, () -> {});

    replay.told.forEach(call -> assertOwnIdentity(traffic, call));
    replay.told.forEach(call -> Statistics.collect(call.coverage()));
    // What is lost must not be so much that nothing is left to be wrong.
    Statistics.coverage(
        coverage -> {
          coverage.check(Coverage.FULL).percentage(percent -> percent > 10);
          coverage.check(Coverage.ALS_ONLY).percentage(percent -> percent > 5);
          coverage.check(Coverage.ONE_SIDED).percentage(percent -> percent > 10);
        });
  }

  @Property(tries = 500)
  void componentsSumToTheTotal_andNoneIsNegative(@ForAll("disturbed") MeshTraffic traffic) {
    Replay replay = new Replay(PLENTY, PLENTY);
    replay.run(traffic, () -> {});

    replay.told.forEach(CorrelatorPropertyTest::assertSum);
  }

  @Property(tries = 500)
  void nothingLost_everyCallIsToldOnceAndRight(@ForAll("complete") MeshTraffic traffic) {
    Replay replay = new Replay(PLENTY, PLENTY);
    replay.run(traffic, () -> {});

    Map<Integer, CorrelatedRequest> byNumber = new HashMap<>();
    for (CorrelatedRequest call : replay.told) {
      if (!isFromOutsideToGateway(traffic, call)) {
        assertThat(byNumber.put(MeshCall.numberOf(call.path()), call)).as("told twice").isNull();
      }
    }
    for (MeshCall call : traffic.calls()) {
      assertThat(byNumber).as("told").containsKey(call.number);
      assertRight(call, byNumber.get(call.number));
    }
  }

  /**
   * The ends, and the application's time, are those of the call whose path is told. Only where two
   * calls of one request id went over one link, and the kernel's records are missing, may what the
   * two logs say have been put together wrongly: it is never told as full.
   */
  private static void assertOwnIdentity(MeshTraffic traffic, CorrelatedRequest call) {
    int number = MeshCall.numberOf(call.path());
    if (call.coverage() == Coverage.ALS_ONLY && traffic.hasTwin(traffic.call(number))) {
      return;
    }
    CallEnds ends = call.ends();
    assertThat(
            Stream.of(
                    ends.sourceApp(),
                    ends.sourceDownstream(),
                    ends.sourceUpstream(),
                    ends.destinationDownstream(),
                    ends.destinationUpstream(),
                    ends.destinationApp())
                .filter(Objects::nonNull))
        .as("ends of call %s, %s", number, call.reason())
        .allMatch(end -> traffic.callOf(end).number == number);
    for (LatencyComponent withApplication :
        List.of(LatencyComponent.APPLICATION, LatencyComponent.DESTINATION_UNSPLIT)) {
      long nanos = call.breakdown().nanos(withApplication);
      if (nanos > 0) {
        assertThat(nanos % 1_000)
            .as("whose %s call %s has, %s", withApplication.key(), number, call.reason())
            .isEqualTo(number);
      }
    }
  }

  private static void assertSum(CorrelatedRequest call) {
    LatencyBreakdown breakdown = call.breakdown();
    long sumNanos = 0;
    for (LatencyComponent component : LatencyComponent.values()) {
      long nanos = breakdown.nanos(component);
      assertThat(nanos).as(component.key()).isGreaterThanOrEqualTo(LatencyBreakdown.ABSENT);
      sumNanos += Math.max(0, nanos);
    }
    assertThat(breakdown.totalNanos()).isEqualTo(sumNanos);
    if (breakdown.applicationUpstreamWaitNanos() != LatencyBreakdown.ABSENT) {
      assertThat(breakdown.applicationUpstreamWaitNanos())
          .isBetween(0L, breakdown.nanos(LatencyComponent.APPLICATION));
    }
  }

  private static void assertRight(MeshCall call, CorrelatedRequest told) {
    if (!call.plan.route().hasBothProxies()) {
      assertThat(told.coverage()).as("%s", call).isEqualTo(Coverage.ONE_SIDED);
      return;
    }
    assertThat(told.coverage()).as("%s: %s", call, told.reason()).isEqualTo(Coverage.FULL);
    Map<LatencyComponent, Long> right = call.components();
    right.forEach(
        (component, nanos) -> {
          if (component != LatencyComponent.SOURCE_SIDECAR) {
            assertThat(told.breakdown().nanos(component))
                .as("%s of %s", component.key(), call)
                .isEqualTo(nanos);
          }
        });
    assertThat(told.breakdown().totalNanos())
        .as("total of %s", call)
        .isEqualTo(right.values().stream().mapToLong(Long::longValue).sum());
  }

  /** A gateway's call is told once more, as the edge from outside. */
  private static boolean isFromOutsideToGateway(MeshTraffic traffic, CorrelatedRequest call) {
    MeshRoute.Pod source = traffic.call(MeshCall.numberOf(call.path())).plan.route().source;
    return source != null && source.isGateway() && call.source().equals(Workload.UNKNOWN);
  }

  /** What a correlator made of some traffic; its accounting is held after each pass. */
  private static final class Replay {

    // deps
    private final CorrelatorSettings settings;

    // state
    private final RecordingMetrics metrics = new RecordingMetrics();
    private final List<CorrelatedRequest> told = new ArrayList<>();

    private Replay(int maxEntries, int maxEnds) {
      this.settings = new CorrelatorSettings(WINDOW_NANOS, maxEntries, maxEnds);
    }

    private void run(MeshTraffic traffic, Runnable afterEachPass) {
      traffic.replay(
          new Correlator(settings, metrics, told::add),
          WINDOW_NANOS,
          () -> {
            for (RecordType type : RecordType.values()) {
              assertThat(metrics.balances(type)).as("%s %s", type, metrics.byOutcome).isTrue();
            }
            afterEachPass.run();
          });
    }
  }
}
