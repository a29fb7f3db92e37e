/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.correlator;

import static dev.sidelight.correlator.JoinHarness.BEGIN_NANOS;
import static dev.sidelight.correlator.JoinHarness.DESTINATION_HOP;
import static dev.sidelight.correlator.JoinHarness.LINK_ACCEPTOR;
import static dev.sidelight.correlator.JoinHarness.LINK_INITIATOR;
import static dev.sidelight.correlator.JoinHarness.SECOND_NANOS;
import static dev.sidelight.correlator.JoinHarness.SOURCE_HOP;
import static dev.sidelight.correlator.JoinHarness.onlyAcceptor;
import static dev.sidelight.correlator.JoinHarness.withAcceptor;
import static dev.sidelight.correlator.JoinHarness.withInitiator;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sidelight.correlator.CorrelatorMetrics.RecordType;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a call says where only a part of it was seen, and what it says beside its components. */
class CallPartsTest {

  private final JoinHarness harness = new JoinHarness();
  private final TestCall call = new TestCall(1, BEGIN_NANOS);

  @Test
  void call_isToldWhenItHasSettledAndNotBefore() {
    harness.feedClock();
    harness.feedHops(call.hops());
    harness.feedEntries(call);

    harness.correlator.advance(BEGIN_NANOS + 699_999_999);
    assertThat(harness.told).isEmpty();
    harness.correlator.advance(BEGIN_NANOS + 700_000_000);
    assertThat(harness.told).hasSize(1);
    assertThat(harness.metrics.pending).containsEntry(RecordType.ENTRY, 0);
    assertThat(harness.metrics.pending).containsEntry(RecordType.END, 0);
  }

  @Test
  void entryAlone_isToldWhenItsWindowPassesAndNotBefore() {
    harness.correlator.onAccessLog(call.sourceEntry(), BEGIN_NANOS);

    harness.correlator.advance(BEGIN_NANOS + 10 * SECOND_NANOS - 1);
    assertThat(harness.told).isEmpty();
    assertThat(harness.metrics.pending).containsEntry(RecordType.ENTRY, 1);
    harness.passWindow();
    assertThat(harness.told).hasSize(1);
    assertThat(harness.metrics.byOutcome).containsEntry("ENTRY PARTIAL no_destination_entry", 1);
  }

  @Test
  void sourceAlone_hasItsKernelFiguresAndTheRestUnsplit() {
    harness.feedClock();
    harness.feedHops(call.hops().subList(SOURCE_HOP, LINK_ACCEPTOR));
    harness.correlator.onAccessLog(call.sourceEntry(), BEGIN_NANOS);
    harness.passWindow();

    CorrelatedRequest told = harness.onlyCall();
    assertThat(told.coverage()).isEqualTo(Coverage.ONE_SIDED);
    assertThat(told.reason()).isEqualTo(PartialReason.NO_DESTINATION_ENTRY);
    assertThat(told.source()).isEqualTo(TestCall.PRODUCTPAGE);
    assertThat(told.destination().app()).isEqualTo("reviews");
    assertMicros(told, LatencyComponent.SOURCE_SIDECAR, 300);
    assertMicros(told, LatencyComponent.SOURCE_SIDECAR_CONNECT, 0);
    assertThat(told.breakdown().nanos(LatencyComponent.LINK_UNSPLIT))
        .isEqualTo(call.point(15) - call.point(4));
    assertThat(told.breakdown().totalNanos()).isEqualTo(call.point(19) - call.point(0));
    assertThat(told.startEpochNanos()).isEqualTo(BEGIN_NANOS + TestCall.EPOCH_OFFSET_NANOS);
    assertThat(told.ends().sourceApp()).isEqualTo(call.sourceApp());
    assertThat(told.ends().sourceDownstream()).isEqualTo(call.sourceProxy());
    assertThat(told.ends().sourceUpstream()).isEqualTo(call.linkInitiator());
    assertThat(told.ends().destinationApp()).isNull();
    assertThat(told.destinationHop()).isNull();
  }

  @Test
  void sourceAloneWhoseLinkWasFull_leavesWhatItHeldUnsplit() {
    harness.feedClock();
    harness.feedHops(call.hops().subList(SOURCE_HOP, LINK_INITIATOR));
    harness.correlator.onHop(
        withInitiator(
            call.hops().get(LINK_INITIATOR), end -> end.flags = ExchangeEnd.WAITED_FOR_ROOM),
        BEGIN_NANOS);
    harness.correlator.onAccessLog(call.sourceEntry(), BEGIN_NANOS);
    harness.passWindow();

    CorrelatedRequest told = harness.onlyCall();
    assertMicros(told, LatencyComponent.SOURCE_SIDECAR, 100);
    assertThat(told.breakdown().nanos(LatencyComponent.LINK_UNSPLIT))
        .isEqualTo(call.point(15) - call.point(4) + 200_000);
    assertThat(told.breakdown().totalNanos()).isEqualTo(call.point(19) - call.point(0));
    assertThat(told.flags()).containsExactly(RequestFlag.FLOW_CONTROLLED);
  }

  @Test
  void destinationAloneWhoseLinkWasFull_leavesWhatItHeldUnsplit() {
    harness.feedClock();
    harness.correlator.onHop(
        withAcceptor(
            call.hops().get(LINK_ACCEPTOR), end -> end.flags = ExchangeEnd.WAITED_FOR_ROOM),
        BEGIN_NANOS);
    harness.correlator.onHop(call.hops().get(DESTINATION_HOP), BEGIN_NANOS);
    harness.correlator.onAccessLog(call.destinationEntry(), BEGIN_NANOS);
    harness.passWindow();

    CorrelatedRequest told = harness.onlyCall();
    assertMicros(told, LatencyComponent.DESTINATION_SIDECAR, 150);
    assertMicros(told, LatencyComponent.LINK_UNSPLIT, 150);
    assertThat(told.breakdown().totalNanos()).isEqualTo(call.point(14) - call.point(5));
  }

  @Test
  void sourceAloneWithAPointNotSeen_fallsBackToItsLog() {
    harness.feedClock();
    harness.correlator.onHop(
        withInitiator(call.hops().get(SOURCE_HOP), end -> end.lastReadNanos = 0), BEGIN_NANOS);
    harness.correlator.onHop(call.hops().get(LINK_INITIATOR), BEGIN_NANOS);
    harness.correlator.onAccessLog(call.sourceEntry(), BEGIN_NANOS);
    harness.passWindow();

    assertThat(harness.onlyCall().breakdown().totalNanos())
        .isEqualTo(call.sourceEntry().lastDownstreamTxNanos());
  }

  @Test
  void sourceAloneWithoutKernel_isSplitByItsLog() {
    harness.correlator.onAccessLog(call.sourceEntry(), BEGIN_NANOS);
    harness.passWindow();

    AccessLogEntry entry = call.sourceEntry();
    long upstreamNanos = entry.lastUpstreamRxNanos() - entry.lastUpstreamTxNanos();
    LatencyBreakdown breakdown = harness.onlyCall().breakdown();
    assertThat(breakdown.nanos(LatencyComponent.LINK_UNSPLIT)).isEqualTo(upstreamNanos);
    assertThat(breakdown.nanos(LatencyComponent.SOURCE_SIDECAR))
        .isEqualTo(entry.lastDownstreamTxNanos() - upstreamNanos);
    assertThat(harness.onlyCall().startEpochNanos()).isEqualTo(entry.startEpochNanos());
  }

  @Test
  void destinationAloneWithoutKernel_isSplitByItsLog() {
    harness.correlator.onAccessLog(call.destinationEntry(), BEGIN_NANOS);
    harness.passWindow();

    AccessLogEntry entry = call.destinationEntry();
    long upstreamNanos = entry.lastUpstreamRxNanos() - entry.lastUpstreamTxNanos();
    CorrelatedRequest told = harness.onlyCall();
    assertThat(told.source()).isEqualTo(Workload.UNKNOWN);
    assertThat(told.destination()).isEqualTo(TestCall.REVIEWS);
    assertThat(told.reason()).isEqualTo(PartialReason.NO_SOURCE_PROXY);
    assertThat(told.breakdown().nanos(LatencyComponent.DESTINATION_UNSPLIT))
        .isEqualTo(upstreamNanos);
    assertThat(told.breakdown().nanos(LatencyComponent.DESTINATION_SIDECAR))
        .isEqualTo(entry.lastDownstreamTxNanos() - upstreamNanos);
  }

  @Test
  void destinationAloneOfAKnownPod_lacksTheSourcesEntry() {
    harness.feedClock();
    harness.feedHops(call.hops());
    harness.correlator.onAccessLog(call.destinationEntry(), BEGIN_NANOS);
    harness.passWindow();

    assertThat(harness.onlyCall().reason()).isEqualTo(PartialReason.NO_SOURCE_ENTRY);
    assertMicros(harness.onlyCall(), LatencyComponent.DESTINATION_SIDECAR_CONNECT, 0);
    assertThat(harness.onlyCall().startEpochNanos())
        .isEqualTo(call.point(5) + TestCall.EPOCH_OFFSET_NANOS);
    assertThat(harness.onlyCall().ends().destinationUpstream()).isEqualTo(call.destinationProxy());
    assertThat(harness.onlyCall().ends().sourceUpstream()).isNull();
    assertThat(harness.onlyCall().sourceHop()).isNull();
    assertThat(harness.onlyCall().link().bytesSent()).isEqualTo(300);
    assertThat(harness.onlyCall().link().bytesReceived()).isEqualTo(200);
  }

  @Test
  void answeredByTheProxyItself_hasNoUpstream() {
    AccessLogEntry entry = call.sourceEntry();
    harness.correlator.onAccessLog(
        AccessLogEntry.builder()
            .proxy(entry.proxy())
            .direction(entry.direction())
            .downstreamRemote(entry.downstreamRemote())
            .startEpochNanos(entry.startEpochNanos())
            .durationNanos(1_000)
            .responseCode(301)
            .build(),
        BEGIN_NANOS);
    harness.passWindow();

    assertThat(harness.onlyCall().reason()).isEqualTo(PartialReason.NO_UPSTREAM);
    assertThat(harness.onlyCall().responseCode()).isEqualTo(301);
  }

  @Test
  void gatewayWithoutKernel_isADestinationToTheOutside() {
    call.gateway = true;
    harness.feedEntries(call);
    harness.passWindow();

    assertThat(harness.told).hasSize(2);
    CorrelatedRequest outside = harness.told.get(1);
    assertThat(outside.source()).isEqualTo(Workload.UNKNOWN);
    assertThat(outside.destination()).isEqualTo(TestCall.PRODUCTPAGE);
    assertThat(outside.breakdown().nanos(LatencyComponent.DESTINATION_SIDECAR)).isPositive();
    assertThat(outside.breakdown().totalNanos())
        .isEqualTo(call.sourceEntry().lastDownstreamTxNanos());
  }

  @Test
  void gatewaysSlowUpload_isItsCallersTransferOnBothEdges() {
    call.gateway = true;
    List<HopRecord> hops = call.hops();
    hops.set(
        SOURCE_HOP, withAcceptor(hops.get(SOURCE_HOP), end -> end.firstArrivalNanos -= 2_000_000));
    harness.feedClock();
    harness.feedHops(hops);
    harness.feedEntries(call);
    harness.settle();
    harness.settleAgain();

    assertThat(harness.told).hasSize(2);
    for (CorrelatedRequest told : harness.told) {
      assertMicros(told, LatencyComponent.REQUEST_TRANSFER, 2_000);
      assertThat(told.breakdown().totalNanos())
          .isEqualTo(call.point(17) - call.point(2) + 2_000_000);
      assertThat(told.startEpochNanos())
          .isEqualTo(call.point(2) - 2_000_000 + TestCall.EPOCH_OFFSET_NANOS);
    }
    CallEnds outside = harness.told.get(1).ends();
    assertThat(outside.destinationDownstream()).isEqualTo(hops.get(SOURCE_HOP).acceptor());
    assertThat(outside.destinationUpstream()).isNull();
    assertThat(outside.destinationApp()).isNull();
  }

  @Test
  void layerFour_isOfBothEnds() {
    List<HopRecord> hops = call.hops();
    hops.set(
        SOURCE_HOP,
        withAcceptor(
            withInitiator(
                hops.get(SOURCE_HOP),
                end -> {
                  end.retransmits = 1;
                  end.drops = 2;
                }),
            end -> {
              end.retransmits = 3;
              end.drops = 4;
            }));
    harness.feedClock();
    harness.feedHops(hops);
    harness.feedEntries(call);
    harness.settle();

    TransportFigures hop = harness.onlyCall().sourceHop();
    assertThat(hop).isEqualTo(new TransportFigures(50_000, 4, 6, 300, 200));
    assertThat(harness.onlyCall().destinationHop())
        .isEqualTo(new TransportFigures(50_000, 0, 0, 300, 200));
    assertThat(harness.onlyCall().ends())
        .isEqualTo(
            new CallEnds(
                hops.get(SOURCE_HOP).initiator(),
                hops.get(SOURCE_HOP).acceptor(),
                call.linkInitiator(),
                call.linkAcceptor(),
                call.destinationProxy(),
                call.destinationApp()));
  }

  @Test
  void appsOwnCalls_areItsUpstreamWait() {
    TestEnd app = new TestEnd(call.sourceApp());
    app.socketCookie = 71;
    app.local = new SocketAddress(TestCall.DESTINATION_POD, 41_000);
    app.firstSendNanos = call.point(9) + 10_000;
    app.lastReadNanos = call.point(9) + 60_000;
    TestEnd proxy = new TestEnd(call.sourceProxy());
    proxy.socketCookie = 72;
    proxy.remote = app.local;
    harness.feedClock();
    harness.feedHops(call.hops());
    harness.correlator.onHop(
        new HopRecord(TestCall.NODE, TestCall.DESTINATION_POD, app.build(), proxy.build(), false),
        BEGIN_NANOS);
    harness.feedEntries(call);
    harness.settle();

    assertThat(harness.onlyCall().breakdown().applicationUpstreamWaitNanos()).isEqualTo(50_000);
    assertThat(harness.onlyCall().breakdown().applicationSelfNanos()).isEqualTo(50_000);
  }

  @Test
  void destinationsConnectionOpenedForTheRequest_isItsConnect() {
    List<HopRecord> hops = call.hops();
    hops.set(
        DESTINATION_HOP,
        withInitiator(
            hops.get(DESTINATION_HOP),
            end -> {
              end.connectNanos = call.point(6) + 10_000;
              end.establishedNanos = end.connectNanos + 40_000;
            }));
    harness.feedClock();
    harness.feedHops(hops);
    harness.feedEntries(call);
    harness.settle();

    assertMicros(harness.onlyCall(), LatencyComponent.DESTINATION_SIDECAR_CONNECT, 40);
    assertMicros(harness.onlyCall(), LatencyComponent.DESTINATION_SIDECAR, 300 - 40);
    assertThat(harness.onlyCall().flags()).containsExactly(RequestFlag.NEW_CONNECTION);
  }

  @Test
  void networkNegativeByTheStampsError_isZeroAndTheSumHolds() {
    call.stepMicros[4] = -35;
    harness.feedClock();
    harness.feedHops(call.hops());
    harness.feedEntries(call);
    harness.settle();

    CorrelatedRequest told = harness.onlyCall();
    assertThat(told.coverage()).isEqualTo(Coverage.FULL);
    assertMicros(told, LatencyComponent.NETWORK, 0);
    assertMicros(told, LatencyComponent.DESTINATION_SIDECAR, 300 - 5);
    assertThat(told.breakdown().totalNanos()).isEqualTo(call.point(19) - call.point(0));
    assertThat(told.flags()).containsExactly(RequestFlag.CLAMPED);
  }

  @Test
  void networkNegativeByMore_isRefused() {
    call.stepMicros[4] = -36;
    harness.feedClock();
    harness.feedHops(call.hops());
    harness.feedEntries(call);
    harness.settle();

    assertThat(harness.onlyCall().reason()).isEqualTo(PartialReason.NEGATIVE_NETWORK);
  }

  @Test
  void networkOfNothing_isNotClamped() {
    call.stepMicros[4] = -30;
    harness.feedClock();
    harness.feedHops(call.hops());
    harness.feedEntries(call);
    harness.settle();

    assertThat(harness.onlyCall().coverage()).isEqualTo(Coverage.FULL);
    assertThat(harness.onlyCall().flags()).isEmpty();
    assertMicros(harness.onlyCall(), LatencyComponent.NETWORK, 0);
  }

  @Test
  void earlyResponse_isClampedAndFull() {
    call.stepMicros[9] = -20;
    harness.feedClock();
    harness.feedHops(call.hops());
    harness.feedEntries(call);
    harness.settle();

    assertThat(harness.onlyCall().flags()).containsExactly(RequestFlag.CLAMPED);
    assertMicros(harness.onlyCall(), LatencyComponent.APPLICATION, 0);
  }

  @Test
  void logsOfTwoCallsOnOneLink_areToldApartByRequestId() {
    TestCall second = new TestCall(2, BEGIN_NANOS + 5_000_000);
    second.stepMicros[9] = 400;
    harness.feedEntries(call);
    harness.feedEntries(second);
    harness.passWindow();

    assertThat(harness.told).hasSize(2).allMatch(told -> told.coverage() == Coverage.ALS_ONLY);
    assertUnsplit(harness.told.get(0), call);
    assertUnsplit(harness.told.get(1), second);
  }

  @Test
  void logsOfTwoCallsWithOneRequestId_areToldApartByTime() {
    TestCall second = new TestCall(2, BEGIN_NANOS + 5_000_000);
    second.stepMicros[9] = 400;
    second.requestId = call.requestId;
    harness.correlator.onAccessLog(second.destinationEntry(), BEGIN_NANOS);
    harness.correlator.onAccessLog(call.destinationEntry(), BEGIN_NANOS);
    harness.correlator.onAccessLog(call.sourceEntry(), BEGIN_NANOS);
    harness.correlator.onAccessLog(second.sourceEntry(), BEGIN_NANOS);
    harness.passWindow();

    assertThat(harness.told).hasSize(2).allMatch(told -> told.coverage() == Coverage.ALS_ONLY);
    harness.told.forEach(
        told ->
            assertUnsplit(
                told,
                told.startEpochNanos() == call.sourceEntry().startEpochNanos() ? call : second));
  }

  @Test
  void logsASecondAndMoreApart_areNotOneCalls() {
    TestCall later = new TestCall(1, BEGIN_NANOS + SECOND_NANOS + 2_000_000);
    harness.correlator.onAccessLog(call.sourceEntry(), BEGIN_NANOS);
    harness.correlator.onAccessLog(later.destinationEntry(), BEGIN_NANOS);
    harness.passWindow();

    assertThat(harness.told).hasSize(2).allMatch(told -> told.coverage() == Coverage.ONE_SIDED);
  }

  @Test
  void destinationsLogFirst_isJoinedWithTheSources() {
    harness.correlator.onAccessLog(call.destinationEntry(), BEGIN_NANOS);
    harness.correlator.onAccessLog(call.sourceEntry(), BEGIN_NANOS + 1);
    harness.passWindow();

    assertThat(harness.onlyCall().coverage()).isEqualTo(Coverage.ALS_ONLY);
    assertUnsplit(harness.onlyCall(), call);
  }

  @Test
  void gatewayAlsoSeenFromOutsideOnly_keepsItsEntryCounted() {
    call.gateway = true;
    harness.feedClock();
    harness.correlator.onHop(onlyAcceptor(call.hops().get(SOURCE_HOP)), BEGIN_NANOS);
    harness.correlator.onHop(call.hops().get(LINK_INITIATOR), BEGIN_NANOS);
    harness.correlator.onAccessLog(call.sourceEntry(), BEGIN_NANOS);
    harness.passWindow();

    assertThat(harness.told).hasSize(2);
    assertThat(harness.metrics.byOutcome).containsEntry("ENTRY PARTIAL no_destination_entry", 1);
    assertThat(harness.metrics.byOutcome).containsEntry("END PARTIAL no_destination_entry", 2);
  }

  private static void assertUnsplit(CorrelatedRequest told, TestCall call) {
    AccessLogEntry entry = call.destinationEntry();
    assertThat(told.breakdown().nanos(LatencyComponent.DESTINATION_UNSPLIT))
        .isEqualTo(entry.lastUpstreamRxNanos() - entry.lastUpstreamTxNanos());
  }

  private static void assertMicros(
      CorrelatedRequest told, LatencyComponent component, long expectedMicros) {
    assertThat(told.breakdown().nanos(component))
        .as(component.key())
        .isEqualTo(expectedMicros * 1_000);
  }
}
