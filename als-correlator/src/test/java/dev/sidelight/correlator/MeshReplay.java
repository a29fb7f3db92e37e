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

/** What a correlator makes of some traffic, held against the truth. */
final class MeshReplay {

  private static final long WINDOW_NANOS = 5_000_000_000L;
  private static final int PLENTY = 100_000;
  private static final List<PartialReason> UNDECIDED =
      List.of(PartialReason.AMBIGUOUS_STREAM, PartialReason.AMBIGUOUS_EXCHANGE);

  // deps
  private final MeshTraffic traffic;
  private final CorrelatorSettings settings;

  // state
  final RecordingMetrics metrics = new RecordingMetrics();
  final List<CorrelatedRequest> told = new ArrayList<>();

  MeshReplay(MeshTraffic traffic) {
    this(traffic, PLENTY, PLENTY);
  }

  MeshReplay(MeshTraffic traffic, int maxEntries, int maxEnds) {
    this.traffic = traffic;
    this.settings = new CorrelatorSettings(WINDOW_NANOS, maxEntries, maxEnds);
  }

  /** Lets all arrive; the accounting and the bounds are held after each pass. */
  void run() {
    traffic.replay(
        new Correlator(settings, metrics, told::add),
        WINDOW_NANOS,
        () -> {
          for (RecordType type : RecordType.values()) {
            assertThat(metrics.balances(type)).as("%s %s", type, metrics.byOutcome).isTrue();
          }
          assertThat(metrics.pending.get(RecordType.ENTRY))
              .isLessThanOrEqualTo(settings.maxPendingEntries());
          assertThat(metrics.pending.get(RecordType.END))
              .isLessThanOrEqualTo(settings.maxPendingEnds());
        });
  }

  void assertNothingPends() {
    assertThat(metrics.pending.values()).allMatch(pending -> pending == 0);
  }

  void assertOwnIdentities() {
    told.forEach(call -> assertOwnIdentity(traffic, call));
  }

  void assertSums() {
    told.forEach(MeshReplay::assertSum);
    // What is told as full is right, whatever was lost.
    told.stream()
        .filter(call -> call.coverage() == Coverage.FULL)
        .filter(call -> !call.flags().contains(RequestFlag.LINK_BY_ALS))
        .forEach(this::assertComponentsUnlessTwin);
  }

  private void assertComponentsUnlessTwin(CorrelatedRequest call) {
    MeshCall truth = traffic.call(MeshCall.numberOf(call.path()));
    if (!traffic.hasTwinStream(truth)) {
      assertComponents(truth, call);
    }
  }

  void assertEveryCallToldOnceAndRight() {
    Map<Integer, CorrelatedRequest> byNumber = new HashMap<>();
    Map<Integer, CorrelatedRequest> fromOutside = new HashMap<>();
    Map<Integer, CorrelatedRequest> onward = new HashMap<>();
    for (CorrelatedRequest call : told) {
      MeshRoute route = traffic.call(MeshCall.numberOf(call.path())).plan.route();
      Map<Integer, CorrelatedRequest> edge =
          isFromOutside(route, call) ? fromOutside : isOnward(route, call) ? onward : byNumber;
      CorrelatedRequest before = edge.put(MeshCall.numberOf(call.path()), call);
      assertThat(before == null || isToldByEachSide(before, call))
          .as("told twice: %s", call)
          .isTrue();
    }
    for (MeshCall call : traffic.calls()) {
      assertThat(byNumber).as("told").containsKey(call.number);
      if (!traffic.hasTwinStream(call)) {
        assertRight(call, byNumber.get(call.number));
      }
      MeshRoute route = call.plan.route();
      assertThat(fromOutside.containsKey(call.number)).isEqualTo(route.isFromGateway());
      assertThat(onward.containsKey(call.number)).isEqualTo(route.isToGateway());
    }
  }

  /**
   * Of calls of one request id on one link that carries several at once the entries may be paired
   * by the logs alone. Where the nodes' clocks are further apart than the calls, or these overlap
   * on one side only, a destination's is left over, and told alone.
   */
  private boolean isToldByEachSide(CorrelatedRequest one, CorrelatedRequest other) {
    MeshCall call = traffic.call(MeshCall.numberOf(one.path()));
    return call.plan.protocol().isHttp2()
        && traffic.hasTwin(call)
        && one.source().equals(Workload.UNKNOWN) != other.source().equals(Workload.UNKNOWN);
  }

  /**
   * The ends, and the application's time, are those of the call whose path is told. Only where two
   * calls of one request id went over one link and nothing of it was seen but what the two logs
   * say, or where streams of one HTTP/2 connection have the same id or none that could be read, may
   * a record have been taken for another's that is lost or late: nothing tells them apart then.
   */
  private static void assertOwnIdentity(MeshTraffic traffic, CorrelatedRequest call) {
    int number = MeshCall.numberOf(call.path());
    boolean joinedByLogs =
        call.coverage() == Coverage.ALS_ONLY || call.flags().contains(RequestFlag.LINK_BY_ALS);
    MeshCall truth = traffic.call(number);
    // At a destination it is the source's entry that confirms a stream without an id, in a full
    // call.
    boolean unconfirmed = call.coverage() != Coverage.FULL && traffic.hasNeighbourStream(truth);
    if ((joinedByLogs && traffic.hasTwin(truth)) || traffic.hasTwinStream(truth) || unconfirmed) {
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
    if (traffic.call(number).plan.attempts() > 1 && call.source().equals(Workload.UNKNOWN)) {
      return; // what lies beyond a gateway has its attempts with it
    }
    if (joinedByLogs && call.flags().contains(RequestFlag.CLAMPED)) {
      return; // Envoy's stamp, off by the clock's error, has moved the kernel's time beside it
    }
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
    if (told.flags().contains(RequestFlag.LINK_BY_ALS)) {
      return; // Envoy's stamps stand in, or a record came after the call had been told
    }
    if (call.plan.protocol().isHttp2() && told.coverage() == Coverage.ALS_ONLY) {
      // Streams of one id that went by at once cannot always be told apart.
      assertThat(told.reason()).as("%s", call).isIn(UNDECIDED);
      return;
    }
    assertThat(told.coverage()).as("%s: %s", call, told.reason()).isEqualTo(Coverage.FULL);
    assertComponents(call, told);
  }

  private static void assertComponents(MeshCall call, CorrelatedRequest told) {
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

  /** What comes to the source where that is a gateway is another call. */
  private static boolean isFromOutside(MeshRoute route, CorrelatedRequest call) {
    return route.isFromGateway()
        && call.source().equals(Workload.UNKNOWN)
        && call.destination().equals(route.source.proxy().workload());
  }

  /** What goes on from the destination where that is a gateway is another call. */
  private static boolean isOnward(MeshRoute route, CorrelatedRequest call) {
    return route.isToGateway() && call.source().equals(route.destination.proxy().workload());
  }
}
