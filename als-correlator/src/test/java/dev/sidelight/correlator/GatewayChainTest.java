/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.correlator;

import static dev.sidelight.correlator.JoinHarness.BEGIN_NANOS;
import static dev.sidelight.correlator.JoinHarness.SECOND_NANOS;
import static dev.sidelight.correlator.LatencyComponent.APPLICATION;
import static dev.sidelight.correlator.LatencyComponent.APPLICATION_QUEUE;
import static dev.sidelight.correlator.LatencyComponent.DESTINATION_HOP;
import static dev.sidelight.correlator.LatencyComponent.DESTINATION_SIDECAR;
import static dev.sidelight.correlator.LatencyComponent.DESTINATION_SIDECAR_QUEUE;
import static dev.sidelight.correlator.LatencyComponent.DESTINATION_UNSPLIT;
import static dev.sidelight.correlator.LatencyComponent.LINK_UNSPLIT;
import static dev.sidelight.correlator.LatencyComponent.NETWORK;
import static dev.sidelight.correlator.LatencyComponent.RETRY;
import static dev.sidelight.correlator.LatencyComponent.SOURCE_APPLICATION_READ;
import static dev.sidelight.correlator.LatencyComponent.SOURCE_HOP;
import static dev.sidelight.correlator.LatencyComponent.SOURCE_SIDECAR;
import static dev.sidelight.correlator.LatencyComponent.SOURCE_SIDECAR_QUEUE;
import static dev.sidelight.correlator.ProxyType.GATEWAY;
import static dev.sidelight.correlator.ProxyType.SIDECAR;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sidelight.correlator.CorrelatorMetrics.RecordOutcome;
import dev.sidelight.correlator.CorrelatorMetrics.RecordType;
import org.junit.jupiter.api.Test;

/** A gateway is the destination of what comes to it, and the source of what goes on. */
class GatewayChainTest {

  private final JoinHarness harness = new JoinHarness();

  @Test
  void gatewayBehindAGateway_isOneEdgeOfBoth() {
    TestChain chain = new TestChain(GATEWAY, GATEWAY, SIDECAR);
    feed(chain);
    pass();

    assertThat(harness.told).hasSize(3);
    CorrelatedRequest outside = told(Workload.UNKNOWN, chain.workload(0));
    assertThat(outside.reason()).isEqualTo(PartialReason.NO_SOURCE_PROXY);
    CorrelatedRequest between = told(chain.workload(0), chain.workload(1));
    assertThat(between.coverage()).isEqualTo(Coverage.FULL);
    assertThat(between.flags()).isEmpty();
    assertSourceGateway(between, chain, 0);
    assertDestinationGateway(between, chain, 1);
    assertNanos(between, NETWORK, sum(chain.arrived(1) - chain.sent(1), chain, 1));
    assertThat(between.breakdown().totalNanos()).isEqualTo(chain.answered(0) - chain.arrived(0));
    assertThat(between.ends())
        .isEqualTo(
            new CallEnds(
                null, chain.acceptor(0), chain.initiator(1), chain.acceptor(1), null, null));
    assertThat(between.link()).isNotNull();
    assertThat(between.destinationHop()).isNull();
    assertThat(between.breakdown().applicationUpstreamWaitNanos())
        .isEqualTo(LatencyBreakdown.ABSENT);
    CorrelatedRequest onward = told(chain.workload(1), chain.workload(2));
    assertThat(onward.coverage()).isEqualTo(Coverage.FULL);
    assertSourceGateway(onward, chain, 1);
    assertNanos(onward, NETWORK, sum(chain.arrived(2) - chain.sent(2), chain, 2));
    assertNanos(onward, APPLICATION, chain.answered(3) - chain.read(3));
    assertThat(onward.breakdown().totalNanos()).isEqualTo(chain.answered(1) - chain.arrived(1));
    assertThat(harness.metrics.byOutcome)
        .containsOnlyKeys("END CORRELATED ", "ENTRY CORRELATED ")
        .containsEntry("ENTRY CORRELATED ", 3)
        .containsEntry("END CORRELATED ", 7);
  }

  @Test
  void callThroughAnEgressGateway_isFullUpToIt() {
    TestChain chain = new TestChain(SIDECAR, GATEWAY);
    feed(chain);
    pass();

    assertThat(harness.told).hasSize(2);
    CorrelatedRequest toGateway = told(chain.workload(0), chain.workload(1));
    assertThat(toGateway.coverage()).isEqualTo(Coverage.FULL);
    assertNanos(
        toGateway,
        SOURCE_HOP,
        chain.arrived(0) - chain.sent(0) + chain.answerArrived(0) - chain.answered(0));
    assertNanos(toGateway, SOURCE_APPLICATION_READ, chain.answerRead(0) - chain.answerArrived(0));
    assertDestinationGateway(toGateway, chain, 1);
    assertThat(toGateway.breakdown().totalNanos()).isEqualTo(chain.answerRead(0) - chain.sent(0));
    CorrelatedRequest toTheWorld = told(chain.workload(1), Workload.UNKNOWN);
    assertThat(toTheWorld.coverage()).isEqualTo(Coverage.ONE_SIDED);
    assertThat(toTheWorld.reason()).isEqualTo(PartialReason.NO_DESTINATION_ENTRY);
    assertSourceGateway(toTheWorld, chain, 1);
    assertNanos(toTheWorld, LINK_UNSPLIT, chain.answerArrived(2) - chain.sent(2));
    assertThat(harness.metrics.byOutcome).containsEntry("ENTRY CORRELATED ", 2);
  }

  @Test
  void threeGatewaysInARow_areTwoEdgesOfBoth() {
    TestChain chain = new TestChain(GATEWAY, GATEWAY, GATEWAY);
    feed(chain);
    pass();

    assertThat(harness.told).hasSize(4);
    for (int n = 0; n < 2; n++) {
      CorrelatedRequest edge = told(chain.workload(n), chain.workload(n + 1));
      assertThat(edge.coverage()).isEqualTo(Coverage.FULL);
      assertSourceGateway(edge, chain, n);
      assertDestinationGateway(edge, chain, n + 1);
    }
  }

  @Test
  void linksOfManyStreams_haveEnvoysStampsAndTheirRequestId() {
    TestChain chain = new TestChain(GATEWAY, GATEWAY);
    chain.encryptedLinks = true;
    feed(chain);
    pass();

    CorrelatedRequest between = told(chain.workload(0), chain.workload(1));
    assertThat(between.coverage()).isEqualTo(Coverage.FULL);
    assertThat(between.flags()).containsExactly(RequestFlag.LINK_BY_ALS);
    assertNanos(between, DESTINATION_UNSPLIT, chain.answerArrived(2) - chain.sent(2));
    assertThat(between.breakdown().nanos(LINK_UNSPLIT)).isPositive();
    assertThat(between.breakdown().totalNanos()).isEqualTo(chain.answered(0) - chain.arrived(0));
  }

  @Test
  void gatewayBetweenTwoLinksOfManyStreams_isToldOfByItsLog() {
    TestChain chain = new TestChain(GATEWAY, GATEWAY, SIDECAR);
    chain.encryptedLinks = true;
    feed(chain);
    pass();

    assertThat(harness.told).hasSize(3);
    assertThat(told(chain.workload(0), chain.workload(1)).coverage()).isEqualTo(Coverage.ALS_ONLY);
    assertThat(told(chain.workload(1), chain.workload(2)).coverage()).isEqualTo(Coverage.ALS_ONLY);
  }

  @Test
  void readableLinkToAGatewayWithAnEncryptedOneBehind_isStillTheKernels() {
    TestChain chain = new TestChain(GATEWAY, GATEWAY, SIDECAR);
    harness.feedClock();
    chain.encryptedLinks = true;
    AccessLogEntry second = chain.entryBuilder(1).downstreamHttp2(false).build();
    AccessLogEntry third = chain.entry(2);
    chain.encryptedLinks = false;
    chain.hops().stream()
        .filter(hop -> !chain.initiator(2).equals(hop.initiator()))
        .filter(hop -> !chain.acceptor(2).equals(hop.acceptor()))
        .forEach(hop -> harness.correlator.onHop(hop, BEGIN_NANOS));
    harness.correlator.onAccessLog(chain.entry(0), BEGIN_NANOS);
    harness.correlator.onAccessLog(second, BEGIN_NANOS);
    harness.correlator.onAccessLog(third, BEGIN_NANOS);
    pass();

    CorrelatedRequest between = told(chain.workload(0), chain.workload(1));
    assertThat(between.coverage()).isEqualTo(Coverage.FULL);
    assertThat(between.flags()).containsExactly(RequestFlag.LINK_BY_ALS);
    assertNanos(between, NETWORK, sum(chain.arrived(1) - chain.sent(1), chain, 1));
    assertThat(told(chain.workload(1), chain.workload(2)).coverage()).isEqualTo(Coverage.FULL);
  }

  @Test
  void gatewayThatAnswersItself_hasNothingBeyondIt() {
    TestChain chain = new TestChain(SIDECAR, GATEWAY);
    chain.direct = true;
    feed(chain);
    pass();

    CorrelatedRequest edge = told(chain.workload(0), chain.workload(1));
    assertThat(edge.coverage()).isEqualTo(Coverage.FULL);
    assertNanos(edge, DESTINATION_SIDECAR, chain.answered(1) - chain.read(1));
    assertNanos(edge, DESTINATION_UNSPLIT, LatencyBreakdown.ABSENT);
    assertThat(told(chain.workload(1), Workload.UNKNOWN).reason())
        .isEqualTo(PartialReason.NO_UPSTREAM);
  }

  @Test
  void retriesOfTheSecondGateway_lieBeyondItForTheFirst() {
    TestChain chain = new TestChain(GATEWAY, GATEWAY, SIDECAR);
    harness.feedClock();
    chain.hops().forEach(hop -> harness.correlator.onHop(hop, BEGIN_NANOS));
    harness.correlator.onAccessLog(chain.entry(0), BEGIN_NANOS);
    for (long afterNanos : new long[] {5_000, 40_000}) {
      harness.correlator.onAccessLog(attempt(chain.entry(1), afterNanos), BEGIN_NANOS);
    }
    AccessLogEntry retried = chain.entryBuilder(1).attemptCount(2).build();
    harness.correlator.onAccessLog(retried, BEGIN_NANOS);
    harness.correlator.onAccessLog(chain.entry(2), BEGIN_NANOS);
    pass();

    long retryNanos = chain.sent(2) - (chain.read(1) + 3_000 + 5_000);
    CorrelatedRequest between = told(chain.workload(0), chain.workload(1));
    assertNanos(between, RETRY, LatencyBreakdown.ABSENT);
    assertNanos(between, DESTINATION_UNSPLIT, chain.answerArrived(2) - chain.sent(2) + retryNanos);
    assertThat(between.breakdown().totalNanos()).isEqualTo(chain.answered(0) - chain.arrived(0));
    assertNanos(told(chain.workload(1), chain.workload(2)), RETRY, retryNanos);
    assertThat(between.flags()).isEmpty();
    assertThat(harness.metrics.byOutcome).containsEntry("ENTRY CORRELATED ", 3 + 2);
  }

  @Test
  void callersFirstEntry_isWaitedFor() {
    TestChain chain = new TestChain(SIDECAR, GATEWAY, SIDECAR);
    harness.feedClock();
    chain.hops().forEach(hop -> harness.correlator.onHop(hop, BEGIN_NANOS));
    harness.correlator.onAccessLog(chain.entry(1), BEGIN_NANOS);
    harness.correlator.onAccessLog(chain.entry(2), BEGIN_NANOS);
    harness.settle();
    harness.correlator.onAccessLog(chain.entry(0), BEGIN_NANOS + SECOND_NANOS);
    pass();

    assertThat(harness.told).hasSize(2);
    assertThat(told(chain.workload(0), chain.workload(1)).coverage()).isEqualTo(Coverage.FULL);
    assertThat(told(chain.workload(1), chain.workload(2)).coverage()).isEqualTo(Coverage.FULL);
  }

  @Test
  void callersEntryThatNeverComes_isMissedWhenTheWindowPasses() {
    TestChain chain = new TestChain(SIDECAR, GATEWAY, SIDECAR);
    harness.feedClock();
    chain.hops().forEach(hop -> harness.correlator.onHop(hop, BEGIN_NANOS));
    harness.correlator.onAccessLog(
        chain.entryBuilder(0).requestId("another").streamId("another").build(),
        BEGIN_NANOS - SECOND_NANOS * 10);
    harness.passWindow();
    harness.told.clear();
    harness.correlator.onAccessLog(chain.entry(1), BEGIN_NANOS + 9 * SECOND_NANOS);
    harness.correlator.onAccessLog(chain.entry(2), BEGIN_NANOS + 9 * SECOND_NANOS);
    harness.correlator.advance(BEGIN_NANOS + 18 * SECOND_NANOS);
    assertThat(harness.told).noneMatch(call -> call.destination().equals(chain.workload(1)));

    harness.correlator.advance(BEGIN_NANOS + 19 * SECOND_NANOS);
    assertThat(told(Workload.UNKNOWN, chain.workload(1)).reason())
        .isEqualTo(PartialReason.NO_SOURCE_ENTRY);
  }

  @Test
  void gatewayEntriesThatFindNoRoom_goWithBothTheirCalls() {
    TestChain chain = new TestChain(GATEWAY, SIDECAR);
    RecordingMetrics metrics = new RecordingMetrics();
    Correlator small =
        new Correlator(new CorrelatorSettings(SECOND_NANOS, 2, 2), metrics, harness.told::add);
    for (int i = 0; i < 5; i++) {
      small.onAccessLog(chain.entryBuilder(0).streamId("stream-" + i).build(), BEGIN_NANOS);
      small.advance(BEGIN_NANOS);
      assertThat(metrics.balances(RecordType.ENTRY)).isTrue();
    }
    assertThat(metrics.byOutcome).containsEntry("ENTRY " + RecordOutcome.DROPPED + " capacity", 3);

    small.advance(BEGIN_NANOS + SECOND_NANOS);
    assertThat(metrics.balances(RecordType.ENTRY)).isTrue();
    assertThat(harness.told).hasSize(4);
  }

  private static AccessLogEntry attempt(AccessLogEntry stream, long afterNanos) {
    return AccessLogEntry.builder()
        .kind(AccessLogEntry.Kind.UPSTREAM_END)
        .proxy(stream.proxy())
        .direction(stream.direction())
        .startEpochNanos(stream.startEpochNanos() + afterNanos)
        .downstreamRemote(stream.downstreamRemote())
        .requestId(stream.requestId())
        .build();
  }

  private void feed(TestChain chain) {
    harness.feedClock();
    harness.feedHops(chain.hops());
    for (int n = 0; n < chain.size(); n++) {
      harness.correlator.onAccessLog(chain.entry(n), BEGIN_NANOS);
    }
  }

  /** In the steps of a controller; every record leaves in one way. */
  private void pass() {
    for (int step = 0; step <= 120; step++) {
      harness.correlator.advance(BEGIN_NANOS + step * 100_000_000L);
      for (RecordType type : RecordType.values()) {
        assertThat(harness.metrics.balances(type)).as("%s at %s", type, step).isTrue();
      }
    }
    assertThat(harness.metrics.pending.values()).allMatch(pending -> pending == 0);
  }

  private CorrelatedRequest told(Workload source, Workload destination) {
    assertThat(harness.told)
        .filteredOn(call -> call.source().equals(source) && call.destination().equals(destination))
        .hasSize(1);
    return harness.told.stream()
        .filter(call -> call.source().equals(source) && call.destination().equals(destination))
        .findFirst()
        .orElseThrow();
  }

  private static void assertSourceGateway(CorrelatedRequest told, TestChain chain, int proxy) {
    int behind = proxy + 1;
    assertNanos(told, SOURCE_HOP, LatencyBreakdown.ABSENT);
    assertNanos(told, SOURCE_APPLICATION_READ, LatencyBreakdown.ABSENT);
    assertNanos(
        told,
        SOURCE_SIDECAR_QUEUE,
        chain.read(proxy)
            - chain.arrived(proxy)
            + chain.answerRead(behind)
            - chain.answerArrived(behind));
    assertNanos(
        told,
        SOURCE_SIDECAR,
        chain.sent(behind) - chain.read(proxy) + chain.answered(proxy) - chain.answerRead(behind));
  }

  private static void assertDestinationGateway(CorrelatedRequest told, TestChain chain, int proxy) {
    int behind = proxy + 1;
    assertNanos(
        told,
        DESTINATION_SIDECAR_QUEUE,
        chain.read(proxy)
            - chain.arrived(proxy)
            + chain.answerRead(behind)
            - chain.answerArrived(behind));
    assertNanos(
        told,
        DESTINATION_SIDECAR,
        chain.sent(behind) - chain.read(proxy) + chain.answered(proxy) - chain.answerRead(behind));
    assertNanos(told, DESTINATION_UNSPLIT, chain.answerArrived(behind) - chain.sent(behind));
    for (LatencyComponent ofAnApp : new LatencyComponent[] {DESTINATION_HOP, APPLICATION_QUEUE}) {
      assertNanos(told, ofAnApp, LatencyBreakdown.ABSENT);
    }
    assertNanos(told, APPLICATION, LatencyBreakdown.ABSENT);
  }

  private static long sum(long requestNanos, TestChain chain, int link) {
    return requestNanos + chain.answerArrived(link) - chain.answered(link);
  }

  private static void assertNanos(CorrelatedRequest told, LatencyComponent component, long nanos) {
    assertThat(told.breakdown().nanos(component)).as(component.key()).isEqualTo(nanos);
  }
}
