/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.correlator;

import static dev.sidelight.correlator.JoinHarness.BEGIN_NANOS;
import static dev.sidelight.correlator.JoinHarness.DESTINATION_HOP;
import static dev.sidelight.correlator.JoinHarness.LINK_ACCEPTOR;
import static dev.sidelight.correlator.JoinHarness.LINK_INITIATOR;
import static dev.sidelight.correlator.JoinHarness.SOURCE_HOP;
import static dev.sidelight.correlator.JoinHarness.withAcceptor;
import static dev.sidelight.correlator.JoinHarness.withInitiator;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whose the time of a sender is that waits for room. */
class FlowControlTest {

  private final JoinHarness harness = new JoinHarness();
  private final TestCall call = new TestCall(1, BEGIN_NANOS);
  private List<HopRecord> hops;

  @BeforeEach
  void aLargeBody() {
    // The response: the app's transfer, then 2 to 9 ms in each place on its way.
    call.stepMicros[10] = 2_000;
    call.stepMicros[12] = 3_000;
    call.stepMicros[13] = 4_000;
    call.stepMicros[14] = 5_000;
    call.stepMicros[15] = 6_000;
    call.stepMicros[16] = 7_000;
    call.stepMicros[17] = 8_000;
    call.stepMicros[18] = 9_000;
    hops = call.hops();
  }

  @AfterEach
  void totalIsWhatPassed() {
    LatencyBreakdown breakdown = harness.onlyCall().breakdown();
    assertThat(breakdown.totalNanos()).isEqualTo(call.point(19) - call.point(0));
    long rollups = 0;
    for (Rollup rollup : Rollup.values()) {
      rollups += Math.max(0, breakdown.nanos(rollup));
    }
    assertThat(rollups).isEqualTo(breakdown.totalNanos());
  }

  @Test
  void nobodyWaits_nothingMoves() {
    CorrelatedRequest told = told();

    assertThat(told.flags()).isEmpty();
    assertMicros(told, LatencyComponent.SOURCE_SIDECAR, 200 + 7_000);
    assertMicros(told, LatencyComponent.SOURCE_APPLICATION_READ, 9_000);
    assertThat(told.breakdown().nanos(Rollup.APPLICATION)).isEqualTo(2_120_000);
  }

  @Test
  void readerLate_itsSidecarsHoldAndSocketAndTheHopAreItsRead() {
    responseUnreadUntil(call.point(18) + 1_000_000);
    sourceSidecarWaits();
    CorrelatedRequest told = told();

    assertThat(told.flags()).containsExactly(RequestFlag.FLOW_CONTROLLED);
    assertMicros(told, LatencyComponent.SOURCE_SIDECAR_QUEUE, 40);
    assertMicros(told, LatencyComponent.SOURCE_SIDECAR, 200);
    assertMicros(told, LatencyComponent.SOURCE_HOP, 20);
    assertMicros(told, LatencyComponent.SOURCE_APPLICATION_READ, 6_000 + 7_000 + 8_000 + 9_000);
  }

  @Test
  void readerLateAndSidecarThatHadRoom_onlyTheHopIsItsRead() {
    responseUnreadUntil(call.point(18) + 1_000_000);
    CorrelatedRequest told = told();

    assertThat(told.flags()).isEmpty();
    assertMicros(told, LatencyComponent.SOURCE_SIDECAR_QUEUE, 40 + 6_000);
    assertMicros(told, LatencyComponent.SOURCE_SIDECAR, 200 + 7_000);
    assertMicros(told, LatencyComponent.SOURCE_HOP, 20);
    assertMicros(told, LatencyComponent.SOURCE_APPLICATION_READ, 8_000 + 9_000);
  }

  @Test
  void readerBeginsWhileItsSidecarHolds_whatComesThenIsTheSidecars() {
    responseUnreadUntil(call.point(16) + 3_000_000);
    sourceSidecarWaits();
    CorrelatedRequest told = told();

    assertMicros(told, LatencyComponent.SOURCE_SIDECAR, 200 + 4_000);
    assertMicros(told, LatencyComponent.SOURCE_HOP, 20 + 8_000);
    assertMicros(told, LatencyComponent.SOURCE_APPLICATION_READ, 6_000 + 3_000 + 9_000);
  }

  @Test
  void readerLateOnASlowLink_isNotChargedBeforeTheLastBytesHaveCome() {
    responseUnreadUntil(call.point(15) - 1_000_000);
    sourceSidecarWaits();
    CorrelatedRequest told = told();

    assertMicros(told, LatencyComponent.NETWORK, 30 + 5_000);
    assertMicros(told, LatencyComponent.SOURCE_APPLICATION_READ, 9_000);
  }

  @Test
  void linkFullAndReaderLate_nobodyKnowsWhichOfThem() {
    responseUnreadUntil(call.point(18));
    sourceSidecarWaits();
    linkWaits();
    change(
        SOURCE_HOP,
        hop -> withInitiator(hop, end -> end.firstArrivalNanos = call.point(15) - 1_500_000));
    CorrelatedRequest told = told();

    assertMicros(told, LatencyComponent.LINK_UNSPLIT, 1_500);
    assertMicros(told, LatencyComponent.NETWORK, 30 + 5_000 + 4_000 - 1_500);
    assertThat(told.coverage()).isEqualTo(Coverage.FULL);
  }

  @Test
  void readerLateAndLinkThatHadRoom_theLinkIsTheNetworks() {
    responseUnreadUntil(call.point(18));
    sourceSidecarWaits();
    change(
        SOURCE_HOP,
        hop -> withInitiator(hop, end -> end.firstArrivalNanos = call.point(15) - 1_500_000));

    assertMicros(told(), LatencyComponent.NETWORK, 30 + 5_000);
  }

  @Test
  void linkFull_whatTheSidecarHeldIsTheNetworks() {
    linkWaits();
    CorrelatedRequest told = told();

    assertThat(told.flags()).containsExactly(RequestFlag.FLOW_CONTROLLED);
    assertMicros(told, LatencyComponent.DESTINATION_SIDECAR, 150);
    assertMicros(told, LatencyComponent.NETWORK, 30 + 5_000 + 4_000);
    assertMicros(told, LatencyComponent.DESTINATION_SIDECAR_QUEUE, 40 + 3_000);
    assertThat(told.breakdown().nanos(LatencyComponent.LINK_UNSPLIT))
        .isEqualTo(LatencyBreakdown.ABSENT);
  }

  @Test
  void appWaits_itsTransferIsNobodys() {
    change(DESTINATION_HOP, hop -> withAcceptor(hop, FlowControlTest::waits));
    CorrelatedRequest told = told();

    assertThat(told.flags()).containsExactly(RequestFlag.FLOW_CONTROLLED);
    assertMicros(told, LatencyComponent.RESPONSE_TRANSFER_BLOCKED, 2_000);
    assertThat(told.breakdown().nanos(LatencyComponent.RESPONSE_TRANSFER))
        .isEqualTo(LatencyBreakdown.ABSENT);
    assertThat(told.breakdown().nanos(Rollup.APPLICATION)).isEqualTo(120_000);
    assertThat(told.breakdown().nanos(Rollup.UNKNOWN)).isEqualTo(2_000_000);
  }

  @Test
  void callerWaits_itsTransferIsNobodys() {
    change(SOURCE_HOP, hop -> withInitiator(hop, FlowControlTest::waits));
    CorrelatedRequest told = told();

    assertThat(told.flags()).containsExactly(RequestFlag.FLOW_CONTROLLED);
    assertThat(told.breakdown().nanos(LatencyComponent.REQUEST_TRANSFER_BLOCKED)).isZero();
    assertThat(told.breakdown().nanos(LatencyComponent.REQUEST_TRANSFER))
        .isEqualTo(LatencyBreakdown.ABSENT);
    assertThat(told.breakdown().nanos(Rollup.CALLER)).isEqualTo(9_000_000);
  }

  @Test
  void appLateToReadAnUpload_itsSidecarsHoldAndSocketAndTheHopAreItsQueue() {
    change(DESTINATION_HOP, hop -> withInitiator(hop, FlowControlTest::waits));
    change(
        DESTINATION_HOP,
        hop ->
            withAcceptor(
                hop,
                end -> {
                  end.firstArrivalNanos = call.point(4);
                  end.firstReadNanos = call.point(9);
                }));
    CorrelatedRequest told = told();

    assertThat(told.flags()).containsExactly(RequestFlag.FLOW_CONTROLLED);
    assertMicros(told, LatencyComponent.DESTINATION_SIDECAR_QUEUE, 3_000);
    assertMicros(told, LatencyComponent.DESTINATION_SIDECAR, 4_000);
    assertMicros(told, LatencyComponent.DESTINATION_HOP, 10);
    assertMicros(told, LatencyComponent.APPLICATION_QUEUE, 40 + 150 + 10 + 20);
  }

  @Test
  void appLateToReadAnUploadThatTheSidecarHadRoomFor_onlyTheHopIsItsQueue() {
    change(DESTINATION_HOP, hop -> withAcceptor(hop, end -> end.firstArrivalNanos = call.point(4)));
    CorrelatedRequest told = told();

    assertMicros(told, LatencyComponent.DESTINATION_SIDECAR_QUEUE, 40 + 3_000);
    assertMicros(told, LatencyComponent.DESTINATION_SIDECAR, 150 + 4_000);
    assertMicros(told, LatencyComponent.DESTINATION_HOP, 10);
    assertMicros(told, LatencyComponent.APPLICATION_QUEUE, 10 + 20);
  }

  @Test
  void linkFullOfAnUpload_whatTheSourcesSidecarHeldIsTheNetworks() {
    call.connectMicros = 50;
    hops = call.hops();
    change(LINK_INITIATOR, hop -> withInitiator(hop, FlowControlTest::waits));
    CorrelatedRequest told = told();

    assertMicros(told, LatencyComponent.SOURCE_SIDECAR_CONNECT, 50);
    assertMicros(told, LatencyComponent.SOURCE_SIDECAR, 7_000);
    assertMicros(told, LatencyComponent.NETWORK, 30 + 5_000 + 150);
  }

  private void responseUnreadUntil(long nanos) {
    change(
        SOURCE_HOP,
        hop ->
            withInitiator(
                hop,
                end -> {
                  end.firstArrivalNanos = call.point(15);
                  end.firstReadNanos = nanos;
                }));
  }

  private void sourceSidecarWaits() {
    change(SOURCE_HOP, hop -> withAcceptor(hop, FlowControlTest::waits));
  }

  private void linkWaits() {
    change(LINK_ACCEPTOR, hop -> withAcceptor(hop, FlowControlTest::waits));
  }

  private static void waits(TestEnd end) {
    end.flags |= ExchangeEnd.WAITED_FOR_ROOM;
  }

  private void change(int index, UnaryOperator<HopRecord> change) {
    hops.set(index, change.apply(hops.get(index)));
  }

  private CorrelatedRequest told() {
    harness.feedClock();
    harness.feedHops(hops);
    harness.feedEntries(call);
    harness.settle();
    assertThat(harness.onlyCall().coverage()).isEqualTo(Coverage.FULL);
    return harness.onlyCall();
  }

  private static void assertMicros(
      CorrelatedRequest told, LatencyComponent component, long micros) {
    assertThat(told.breakdown().nanos(component)).as("%s", component).isEqualTo(micros * 1_000);
  }
}
