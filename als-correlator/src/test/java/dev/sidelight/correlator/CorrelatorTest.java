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
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class CorrelatorTest {

  private static final long SECOND_NANOS = 1_000_000_000L;
  private static final long BEGIN_NANOS = 100 * SECOND_NANOS;

  private final RecordingMetrics metrics = new RecordingMetrics();
  private final List<CorrelatedRequest> calls = new ArrayList<>();
  private final Correlator correlator =
      new Correlator(new CorrelatorSettings(10 * SECOND_NANOS, 1_000, 4_000), metrics, calls::add);
  private final TestCall call = new TestCall(1, BEGIN_NANOS);

  @Test
  void completeCall_isFullAndItsComponentsAreTheDistances() {
    feedClock();
    feed(call);
    settle();

    CorrelatedRequest told = onlyCall();
    assertThat(told.coverage()).isEqualTo(Coverage.FULL);
    assertThat(told.source()).isEqualTo(TestCall.PRODUCTPAGE);
    assertThat(told.destination()).isEqualTo(TestCall.REVIEWS);
    assertThat(told.startEpochNanos()).isEqualTo(BEGIN_NANOS + TestCall.EPOCH_OFFSET_NANOS);
    assertMicros(told, LatencyComponent.REQUEST_TRANSFER, 0);
    assertMicros(told, LatencyComponent.SOURCE_HOP, 20 + 20);
    assertMicros(told, LatencyComponent.SOURCE_SIDECAR_QUEUE, 40 + 40);
    assertMicros(told, LatencyComponent.SOURCE_SIDECAR, 200 + 100);
    assertMicros(told, LatencyComponent.SOURCE_SIDECAR_CONNECT, 0);
    assertMicros(told, LatencyComponent.NETWORK, 30 + 30);
    assertMicros(told, LatencyComponent.DESTINATION_SIDECAR_QUEUE, 40 + 20);
    assertMicros(told, LatencyComponent.DESTINATION_SIDECAR, 150 + 150);
    assertMicros(told, LatencyComponent.DESTINATION_HOP, 10 + 10);
    assertMicros(told, LatencyComponent.APPLICATION_QUEUE, 20);
    assertMicros(told, LatencyComponent.APPLICATION, 100);
    assertMicros(told, LatencyComponent.RESPONSE_TRANSFER, 0);
    assertMicros(told, LatencyComponent.SOURCE_APPLICATION_READ, 20);
    assertThat(told.breakdown().totalNanos()).isEqualTo(call.point(19) - call.point(0));
    assertThat(told.breakdown().nanos(Rollup.UNKNOWN)).isEqualTo(LatencyBreakdown.ABSENT);
    assertThat(metrics.byOutcome)
        .containsEntry("ENTRY CORRELATED ", 2)
        .containsEntry("END CORRELATED ", 6);
  }

  @Test
  void recordsInAnyOrder_joinTheSame() {
    feedClock();
    List<Consumer<Correlator>> records = new ArrayList<>();
    records.add(c -> c.onAccessLog(call.destinationEntry(), BEGIN_NANOS));
    records.add(c -> c.onAccessLog(call.sourceEntry(), BEGIN_NANOS));
    call.hops().forEach(hop -> records.add(c -> c.onHop(hop, BEGIN_NANOS)));
    Collections.reverse(records);
    records.forEach(record -> record.accept(correlator));
    settle();

    assertThat(onlyCall().coverage()).isEqualTo(Coverage.FULL);
  }

  @Test
  void keepAliveConnection_eachCallFindsItsOwnExchanges() {
    feedClock();
    for (int i = 1; i <= 50; i++) {
      TestCall next = new TestCall(i, BEGIN_NANOS + i * 2_000_000L);
      next.stepMicros[9] = 100L + i;
      feed(next);
    }
    settle();

    assertThat(calls).hasSize(50).allMatch(told -> told.coverage() == Coverage.FULL);
    for (CorrelatedRequest told : calls) {
      long number = Long.parseLong(told.requestId().substring("request-".length()));
      assertMicros(told, LatencyComponent.APPLICATION, 100 + number);
    }
  }

  @Test
  void unknownOrder_previousExchangeOfTheConnectionIsRefused() {
    feedClock();
    feed(new TestCall(1, BEGIN_NANOS));
    TestCall second = new TestCall(2, BEGIN_NANOS + 2_000_000L);
    correlator.onAccessLog(second.sourceEntry(), BEGIN_NANOS);
    correlator.onAccessLog(second.destinationEntry(), BEGIN_NANOS);
    settle();
    assertThat(calls).hasSize(1);

    correlator.advance(BEGIN_NANOS + 11 * SECOND_NANOS);
    assertThat(calls).hasSize(2);
    assertThat(calls.get(1).coverage()).isEqualTo(Coverage.ALS_ONLY);
    assertThat(calls.get(1).reason()).isEqualTo(PartialReason.NO_SOURCE_DOWNSTREAM);
  }

  @Test
  void withoutKernel_restIsUnsplitAndNeverApplicationOrNetwork() {
    correlator.onAccessLog(call.sourceEntry(), BEGIN_NANOS);
    correlator.onAccessLog(call.destinationEntry(), BEGIN_NANOS);
    correlator.advance(BEGIN_NANOS + 11 * SECOND_NANOS);

    CorrelatedRequest told = onlyCall();
    assertThat(told.coverage()).isEqualTo(Coverage.ALS_ONLY);
    assertThat(told.reason()).isEqualTo(PartialReason.NO_CLOCK);
    assertThat(told.breakdown().nanos(Rollup.APPLICATION)).isEqualTo(LatencyBreakdown.ABSENT);
    assertThat(told.breakdown().nanos(Rollup.NETWORK)).isEqualTo(LatencyBreakdown.ABSENT);
    assertThat(told.breakdown().totalNanos()).isEqualTo(call.sourceEntry().lastDownstreamTxNanos());
  }

  @Test
  void destinationLongerThanTheSourceWaited_isRefused() {
    feedClock();
    call.stepMicros[4] = -200;
    feed(call);
    settle();

    assertThat(onlyCall().coverage()).isEqualTo(Coverage.ALS_ONLY);
    assertThat(onlyCall().reason()).isEqualTo(PartialReason.NEGATIVE_NETWORK);
  }

  @Test
  void foreignRequestIdOnTheHop_isRefused() {
    feedClock();
    call.hops().forEach(hop -> correlator.onHop(hop, BEGIN_NANOS));
    call.requestId = "another";
    correlator.onAccessLog(call.sourceEntry(), BEGIN_NANOS);
    correlator.onAccessLog(call.destinationEntry(), BEGIN_NANOS);
    correlator.advance(BEGIN_NANOS + 11 * SECOND_NANOS);

    assertThat(onlyCall().reason()).isEqualTo(PartialReason.REQUEST_ID_MISMATCH);
  }

  @Test
  void connectionOpenedForTheRequest_isConnectAndNotSidecar() {
    feedClock();
    call.connectMicros = 90;
    feed(call);
    settle();

    assertMicros(onlyCall(), LatencyComponent.SOURCE_SIDECAR_CONNECT, 90);
    assertMicros(onlyCall(), LatencyComponent.SOURCE_SIDECAR, 300 - 90);
    assertThat(onlyCall().flags()).contains(RequestFlag.NEW_CONNECTION);
  }

  @Test
  void severalAttemptsWithTheirEntries_areRetryTime() {
    feedClock();
    call.attemptCount = 2;
    call.stepMicros[3] = 5_200;
    feed(call);
    correlator.onAccessLog(attempt(100_000), BEGIN_NANOS);
    correlator.onAccessLog(attempt(5_100_000), BEGIN_NANOS);
    settle();

    assertMicros(onlyCall(), LatencyComponent.RETRY, 5_200 - 103);
    assertThat(onlyCall().flags()).doesNotContain(RequestFlag.ATTEMPTS_UNSEEN);
    assertThat(onlyCall().breakdown().totalNanos()).isEqualTo(call.point(19) - call.point(0));
  }

  @Test
  void severalAttemptsUnseen_stayInTheSidecarAndAreFlagged() {
    feedClock();
    call.attemptCount = 2;
    feed(call);
    settle();

    assertThat(onlyCall().flags()).contains(RequestFlag.ATTEMPTS_UNSEEN);
    assertThat(onlyCall().breakdown().nanos(LatencyComponent.RETRY))
        .isEqualTo(LatencyBreakdown.ABSENT);
  }

  @Test
  void gatewaySource_hasNoHopAndIsFull_andTheOutsideEdgeIsToldApart() {
    feedClock();
    call.gateway = true;
    feed(call);
    settle();
    correlator.advance(BEGIN_NANOS + 2 * SECOND_NANOS);

    assertThat(calls).hasSize(2);
    assertThat(calls.get(0).coverage()).isEqualTo(Coverage.FULL);
    assertThat(calls.get(0).breakdown().nanos(LatencyComponent.SOURCE_HOP))
        .isEqualTo(LatencyBreakdown.ABSENT);
    assertThat(calls.get(0).breakdown().totalNanos()).isEqualTo(call.point(17) - call.point(2));
    assertThat(calls.get(1).source()).isEqualTo(Workload.UNKNOWN);
    assertThat(calls.get(1).coverage()).isEqualTo(Coverage.ONE_SIDED);
    assertThat(calls.get(1).breakdown().totalNanos()).isEqualTo(call.point(17) - call.point(2));
  }

  @Test
  void peersOwnEntryThatContradictsWhatIsSaidOfIt_isCounted() {
    feedClock();
    call.hops().forEach(hop -> correlator.onHop(hop, BEGIN_NANOS));
    Workload other = new Workload("Kubernetes", "bookinfo", "ratings-v1", "ratings", "v1");
    correlator.onAccessLog(call.sourceEntryBuilder().upstreamPeer(other).build(), BEGIN_NANOS);
    correlator.onAccessLog(call.destinationEntry(), BEGIN_NANOS);
    settle();

    assertThat(onlyCall().destination()).isEqualTo(TestCall.REVIEWS);
    assertThat(metrics.peersContradicted).isEqualTo(1);
  }

  @Test
  void whatTheDestinationSaysOfItsCaller_isHeldAgainstTheCallersEntryToo() {
    feedClock();
    Workload elsewhere = new Workload("Kubernetes", "shop", "unknown", "productpage", "v1");
    correlator.onAccessLog(call.sourceEntry(), BEGIN_NANOS);
    correlator.onAccessLog(
        call.destinationEntryBuilder(TestCall.LINK_LOCAL).downstreamPeer(elsewhere).build(),
        BEGIN_NANOS);
    correlator.advance(BEGIN_NANOS + 10 * SECOND_NANOS);

    assertThat(onlyCall().source()).isEqualTo(TestCall.PRODUCTPAGE);
    assertThat(metrics.peersContradicted).isEqualTo(1);
  }

  @Test
  void serviceAndSubsetOfAClustersName_contradictNobody() {
    feedClock();
    call.hops().forEach(hop -> correlator.onHop(hop, BEGIN_NANOS));
    Workload service = new Workload("Kubernetes", "bookinfo", "unknown", "reviews-svc", "stable");
    correlator.onAccessLog(call.sourceEntryBuilder().upstreamPeer(service).build(), BEGIN_NANOS);
    correlator.onAccessLog(
        call.destinationEntryBuilder(TestCall.LINK_LOCAL)
            .downstreamPeer(TestCall.PRODUCTPAGE)
            .build(),
        BEGIN_NANOS);
    settle();

    assertThat(onlyCall().coverage()).isEqualTo(Coverage.FULL);
    assertThat(metrics.peersContradicted).isZero();
  }

  @Test
  void callerWithoutSidecar_isOneSidedWithItsKernelFigures() {
    feedClock();
    call.hops().forEach(hop -> correlator.onHop(hop, BEGIN_NANOS));
    correlator.onAccessLog(call.destinationEntry(), BEGIN_NANOS);
    settle();
    correlator.advance(BEGIN_NANOS + 11 * SECOND_NANOS);

    assertThat(onlyCall().coverage()).isEqualTo(Coverage.ONE_SIDED);
    assertThat(onlyCall().breakdown().totalNanos()).isEqualTo(call.point(14) - call.point(5));
    assertMicros(onlyCall(), LatencyComponent.APPLICATION, 100);
  }

  /** Logs without Sidelight's tags: the wait for a connection lies in the sidecar's time. */
  @Test
  void waitForAConnectionThatIsNotLogged_isNoComponent() {
    feedClock();
    call.hops().forEach(hop -> correlator.onHop(hop, BEGIN_NANOS));
    AccessLogEntryBuilder source = call.sourceEntryBuilder();
    AccessLogEntryBuilder destination = call.destinationEntryBuilder(TestCall.LINK_LOCAL);
    correlator.onAccessLog(source.poolReadyNanos(AccessLogEntry.ABSENT).build(), BEGIN_NANOS);
    correlator.onAccessLog(destination.poolReadyNanos(AccessLogEntry.ABSENT).build(), BEGIN_NANOS);
    settle();

    LatencyBreakdown breakdown = onlyCall().breakdown();
    assertThat(breakdown.nanos(LatencyComponent.SOURCE_SIDECAR_CONNECT))
        .isEqualTo(LatencyBreakdown.ABSENT);
    assertThat(breakdown.nanos(LatencyComponent.DESTINATION_SIDECAR_CONNECT))
        .isEqualTo(LatencyBreakdown.ABSENT);
    assertMicros(onlyCall(), LatencyComponent.SOURCE_SIDECAR, 200 + 100);
    assertThat(breakdown.totalNanos()).isEqualTo(call.point(19) - call.point(0));
  }

  @Test
  void sameEntryTwice_isCountedOnce() {
    feedClock();
    feed(call);
    correlator.onAccessLog(call.sourceEntry(), BEGIN_NANOS);
    settle();

    assertThat(calls).hasSize(1);
    assertThat(metrics.byOutcome).containsEntry("ENTRY DROPPED duplicate", 1);
  }

  @Test
  void supersedingRecord_replacesTheFirst() {
    feedClock();
    feed(call);
    call.stepMicros[10] = 50;
    HopRecord later = call.hops().get(3);
    correlator.onHop(
        new HopRecord(later.node(), later.podAddress(), later.initiator(), later.acceptor(), true),
        BEGIN_NANOS);
    settle();

    assertMicros(onlyCall(), LatencyComponent.RESPONSE_TRANSFER, 50);
    assertThat(metrics.byOutcome).containsEntry("END DROPPED superseded", 2);
  }

  @Test
  void retransmitOnTheLink_isOnThatCall() {
    feedClock();
    call.linkRetransmits = 1;
    feed(call);
    settle();

    assertThat(onlyCall().link().retransmits()).isEqualTo(1);
    assertThat(onlyCall().sourceHop().retransmits()).isZero();
  }

  @Test
  void moreEntriesThanTheBound_oldestGoCounted() {
    for (int i = 1; i <= 1_010; i++) {
      correlator.onAccessLog(
          new TestCall(i, BEGIN_NANOS + i * 2_000_000L).sourceEntry(), BEGIN_NANOS);
    }
    correlator.advance(BEGIN_NANOS);

    assertThat(metrics.byOutcome).containsEntry("ENTRY DROPPED capacity", 10);
    assertThat(metrics.balances(RecordType.ENTRY)).isTrue();
  }

  private AccessLogEntry attempt(long afterStartNanos) {
    AccessLogEntry stream = call.sourceEntry();
    return AccessLogEntry.builder()
        .kind(AccessLogEntry.Kind.UPSTREAM_END)
        .proxy(stream.proxy())
        .direction(stream.direction())
        .startEpochNanos(stream.startEpochNanos() + afterStartNanos)
        .downstreamRemote(stream.downstreamRemote())
        .requestId(stream.requestId())
        .build();
  }

  private void feedClock() {
    for (int i = 0; i < 20; i++) {
      correlator.onClockSample(
          TestCall.NODE, TestCall.clockSample(BEGIN_NANOS + (i - 10) * 100_000_000L));
    }
  }

  private void feed(TestCall next) {
    next.hops().forEach(hop -> correlator.onHop(hop, BEGIN_NANOS));
    correlator.onAccessLog(next.sourceEntry(), BEGIN_NANOS);
    correlator.onAccessLog(next.destinationEntry(), BEGIN_NANOS);
  }

  private void settle() {
    correlator.advance(BEGIN_NANOS + SECOND_NANOS);
  }

  private CorrelatedRequest onlyCall() {
    assertThat(calls).hasSize(1);
    return calls.get(0);
  }

  private static void assertMicros(
      CorrelatedRequest told, LatencyComponent component, long expectedMicros) {
    assertThat(told.breakdown().nanos(component))
        .as(component.key())
        .isEqualTo(expectedMicros * 1_000);
  }
}
