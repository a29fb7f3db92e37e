/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.correlator;

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
    MeshReplay replay = new MeshReplay(traffic);
    replay.run();

    replay.assertNothingPends();
  }

  @Property(tries = 500)
  void memoryIsBounded_andTheAccountingHoldsAtTheBounds(
      @ForAll("disturbed") MeshTraffic traffic,
      @ForAll @IntRange(min = 1, max = 30) int maxEntries,
      @ForAll @IntRange(min = 2, max = 60) int maxEnds) {
    MeshReplay replay = new MeshReplay(traffic, maxEntries, maxEnds);
    replay.run();

    replay.assertNothingPends();
    replay.assertOwnIdentities();
  }

  @Property(tries = 500)
  void everyFigureIsTheCallsOwn_whateverIsLost(@ForAll("disturbed") MeshTraffic traffic) {
    MeshReplay replay = new MeshReplay(traffic);
    replay.run();

    replay.assertOwnIdentities();
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
    MeshReplay replay = new MeshReplay(traffic);
    replay.run();

    replay.assertSums();
  }

  @Property(tries = 500)
  void nothingLost_everyCallIsToldOnceAndRight(@ForAll("complete") MeshTraffic traffic) {
    MeshReplay replay = new MeshReplay(traffic);
    replay.run();

    replay.assertEveryCallToldOnceAndRight();
  }
}
