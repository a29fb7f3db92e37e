/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.correlator;

import java.util.Random;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.sessions.JqwikSession;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Some samples of what {@link CorrelatorPropertyTest} tests at random, the same each time. */
class MeshReplayTest {

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16})
  void completeTraffic_isToldOnceAndRight(long seed) {
    MeshReplay replay = new MeshReplay(sample(MeshTrafficArbitraries.complete(), seed));
    replay.run();

    replay.assertEveryCallToldOnceAndRight();
    replay.assertNothingPends();
    replay.assertSums();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16})
  void disturbedTraffic_isAccountedForAndNeverMixed(long seed) {
    MeshReplay replay = new MeshReplay(sample(MeshTrafficArbitraries.disturbed(), seed));
    replay.run();

    replay.assertOwnIdentities();
    replay.assertNothingPends();
    replay.assertSums();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void trafficAboveTheBounds_isAccountedForAndNeverMixed(long seed) {
    MeshReplay replay = new MeshReplay(sample(MeshTrafficArbitraries.disturbed(), seed), 20, 40);
    replay.run();

    replay.assertOwnIdentities();
    replay.assertNothingPends();
  }

  private static MeshTraffic sample(Arbitrary<MeshTraffic> traffic, long seed) {
    MeshTraffic[] sample = new MeshTraffic[1];
    JqwikSession.run(() -> sample[0] = traffic.generator(1_000).next(new Random(seed)).value());
    return sample[0];
  }
}
