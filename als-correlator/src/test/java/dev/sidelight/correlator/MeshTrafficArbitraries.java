/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.correlator;

import dev.sidelight.correlator.NodeTime.Step;
import dev.sidelight.correlator.NodeTime.Unsampled;
import dev.sidelight.correlator.PlannedCall.Fate;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.RandomDistribution;
import net.jqwik.api.Tuple;

/**
 * Random traffic. Shrinks to fewer calls, to the plainest call and to records that arrive at once,
 * so that what stands in a counterexample is what it takes.
 */
final class MeshTrafficArbitraries {

  private static final int MAX_CALLS = 40;
  private static final int[] STEPS_OF_APPS_AND_ENVOYS = {3, 6, 9, 10, 13, 16};

  private MeshTrafficArbitraries() {}

  /** Records are lost, come twice, and come as late as after their window. */
  static Arbitrary<MeshTraffic> disturbed() {
    Arbitrary<Integer> copies =
        Arbitraries.frequency(Tuple.of(8, 1), Tuple.of(1, 0), Tuple.of(1, 2));
    return traffic(calls(Combinators.combine(copies, delayMillis(8_000)).as(Fate::new)), unruly());
  }

  /** Every record arrives once, in any order, within two seconds. */
  static Arbitrary<MeshTraffic> complete() {
    return traffic(calls(delayMillis(2_000).map(delay -> new Fate(1, delay))), steady());
  }

  private static Arbitrary<MeshTraffic> traffic(
      Arbitrary<PlannedCall> call, Arbitrary<NodeTime> node) {
    return Combinators.combine(call.list().ofMinSize(1).ofMaxSize(MAX_CALLS), node.list().ofSize(2))
        .as(MeshTraffic::new);
  }

  private static Arbitrary<NodeTime> steady() {
    return node(Arbitraries.just(Step.NONE), Arbitraries.just(Unsampled.NEVER));
  }

  /** Clocks are set while calls are made, and samples of them are lost. */
  private static Arbitrary<NodeTime> unruly() {
    Arbitrary<Step> step =
        Combinators.combine(
                Arbitraries.longs().between(-100, 3_000),
                Arbitraries.longs().between(-3_000_000_000L, 3_000_000_000L))
            .as((millis, nanos) -> new Step(afterBegin(millis), nanos));
    Arbitrary<Unsampled> some =
        Combinators.combine(
                Arbitraries.longs().between(-1_000, 3_000), Arbitraries.longs().between(200, 1_800))
            .as((millis, lost) -> new Unsampled(afterBegin(millis), lost * 1_000_000));
    Arbitrary<Unsampled> unsampled =
        Arbitraries.frequencyOf(
            Tuple.of(2, some), Tuple.of(1, Arbitraries.just(new Unsampled(0, Long.MAX_VALUE))));
    return node(
        Arbitraries.frequencyOf(Tuple.of(6, Arbitraries.just(Step.NONE)), Tuple.of(1, step)),
        Arbitraries.frequencyOf(
            Tuple.of(6, Arbitraries.just(Unsampled.NEVER)), Tuple.of(1, unsampled)));
  }

  private static long afterBegin(long millis) {
    return MeshTraffic.BEGIN_NANOS + millis * 1_000_000;
  }

  private static Arbitrary<NodeTime> node(Arbitrary<Step> step, Arbitrary<Unsampled> unsampled) {
    return Combinators.combine(
            Arbitraries.longs().between(0, 1_000_000_000_000_000L),
            Arbitraries.longs().between(-400_000_000, 400_000_000),
            Arbitraries.integers().between(-100, 100),
            step,
            unsampled)
        .as(NodeTime::new);
  }

  private static Arbitrary<PlannedCall> calls(Arbitrary<Fate> fate) {
    Arbitrary<Integer> connection = Arbitraries.integers().between(0, 2);
    Arbitrary<List<Fate>> fates = fate.list().ofSize(PlannedCall.MAX_RECORDS);
    return Combinators.combine(
            Arbitraries.of(MeshRoute.class),
            Combinators.combine(connection, connection, connection).as(List::of),
            Arbitraries.frequency(Tuple.of(9, false), Tuple.of(1, true)),
            requestId(),
            Arbitraries.integers().between(0, 3_000),
            slowStep(),
            Combinators.combine(
                    Arbitraries.frequency(Tuple.of(9, 1), Tuple.of(1, 2)),
                    Arbitraries.frequency(Tuple.of(4, false), Tuple.of(1, true)),
                    Arbitraries.frequency(
                        Tuple.of(4, MeshProtocol.HTTP1),
                        Tuple.of(2, MeshProtocol.HTTP2),
                        Tuple.of(2, MeshProtocol.HTTP2_ENCRYPTED)),
                    Arbitraries.frequency(Tuple.of(6, false), Tuple.of(1, true)))
                .as(Tuple::of),
            fates)
        .as(
            (route, connections, reopened, requestId, gapMicros, slow, rest, ownFates) ->
                new PlannedCall(
                    route,
                    connections.get(0),
                    connections.get(1),
                    connections.get(2),
                    reopened,
                    requestId,
                    gapMicros,
                    slowStep(slow.get1(), rest.get3()),
                    slow.get2(),
                    rest.get1(),
                    rest.get2(),
                    rest.get3(),
                    rest.get4(),
                    ownFates));
  }

  /** Some have theirs in common with others: apps forward them. */
  private static Arbitrary<Integer> requestId() {
    return Arbitraries.frequencyOf(
        Tuple.of(1, Arbitraries.integers().between(0, 9)),
        Tuple.of(2, Arbitraries.integers().between(10, 100_000)));
  }

  /** Which step takes longer, and by how many microseconds: mostly few, at times above a second. */
  private static Arbitrary<Tuple.Tuple2<Integer, Integer>> slowStep() {
    return Combinators.combine(
            Arbitraries.integers().between(0, 18),
            Arbitraries.integers()
                .between(0, 1_500_000)
                .withDistribution(RandomDistribution.biased()))
        .as(Tuple::of);
  }

  /**
   * Streams share a connection, on which nothing overtakes: one is slow where an app or an Envoy
   * has it.
   */
  private static int slowStep(int step, MeshProtocol protocol) {
    return protocol.isHttp2()
        ? STEPS_OF_APPS_AND_ENVOYS[step % STEPS_OF_APPS_AND_ENVOYS.length]
        : step;
  }

  private static Arbitrary<Integer> delayMillis(int most) {
    return Arbitraries.integers().between(0, most).withDistribution(RandomDistribution.biased());
  }
}
