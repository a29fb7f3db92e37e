/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.correlator;

import static dev.sidelight.correlator.JoinHarness.DESTINATION_HOP;
import static dev.sidelight.correlator.JoinHarness.LINK_ACCEPTOR;
import static dev.sidelight.correlator.JoinHarness.LINK_INITIATOR;
import static dev.sidelight.correlator.JoinHarness.SOURCE_HOP;
import static dev.sidelight.correlator.JoinHarness.onlyAcceptor;
import static dev.sidelight.correlator.JoinHarness.onlyInitiator;
import static dev.sidelight.correlator.JoinHarness.withAcceptor;
import static dev.sidelight.correlator.JoinHarness.withInitiator;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** One thing is wrong with a call's records: the call says what, and gives no figure it lacks. */
class JoinReasonTest {

  private final JoinHarness harness = new JoinHarness();
  private final TestCall call = new TestCall(1, JoinHarness.BEGIN_NANOS);
  private final List<HopRecord> hops = new ArrayList<>();

  @Test
  void recordMissing_isNamed() {
    assertMissing(SOURCE_HOP, PartialReason.NO_SOURCE_DOWNSTREAM);
    assertMissing(LINK_INITIATOR, PartialReason.NO_SOURCE_UPSTREAM);
    assertMissing(LINK_ACCEPTOR, PartialReason.NO_DESTINATION_DOWNSTREAM);
    assertMissing(DESTINATION_HOP, PartialReason.NO_DESTINATION_UPSTREAM);
  }

  @Test
  void appsEndMissing_isNamed() {
    change(SOURCE_HOP, JoinHarness::onlyAcceptor);
    assertThat(tellPartial()).isEqualTo(PartialReason.NO_SOURCE_APP);
  }

  @Test
  void destinationAppsEndMissing_isNamed() {
    change(DESTINATION_HOP, JoinHarness::onlyInitiator);
    assertThat(tellPartial()).isEqualTo(PartialReason.NO_DESTINATION_APP);
  }

  @Test
  void appsEndsSeenApart_areFoundByPosition() {
    change(SOURCE_HOP, JoinHarness::onlyAcceptor);
    change(DESTINATION_HOP, JoinHarness::onlyInitiator);
    hops.add(onlyInitiator(call.hops().get(SOURCE_HOP)));
    hops.add(onlyAcceptor(call.hops().get(DESTINATION_HOP)));

    assertFull();
    assertThat(harness.metrics.byOutcome).containsEntry("END CORRELATED ", 6);
    assertThat(harness.onlyCall().ends().sourceApp()).isEqualTo(call.sourceApp());
    assertThat(harness.onlyCall().ends().destinationApp()).isEqualTo(call.destinationApp());
  }

  @Test
  void endOfAnotherPodAtThePosition_isNotTheApps() {
    change(SOURCE_HOP, JoinHarness::onlyAcceptor);
    hops.add(new HopRecord(TestCall.NODE, "10.77.0.99", call.sourceApp(), null, false));

    assertThat(tellPartial()).isEqualTo(PartialReason.NO_SOURCE_APP);
  }

  @Test
  void linksEndsDisagree_isAMismatch() {
    change(LINK_ACCEPTOR, hop -> withAcceptor(hop, end -> end.receiveEnd++));
    assertThat(tellPartial()).isEqualTo(PartialReason.LINK_MISMATCH);
  }

  @Test
  void linksResponsesDisagree_isAMismatch() {
    change(LINK_ACCEPTOR, hop -> withAcceptor(hop, end -> end.sendEnd++));
    assertThat(tellPartial()).isEqualTo(PartialReason.LINK_MISMATCH);
  }

  @Test
  void pointOfTheSourceNotSeen_isIncomplete() {
    change(SOURCE_HOP, hop -> withInitiator(hop, end -> end.lastReadNanos = 0));
    assertThat(tellPartial()).isEqualTo(PartialReason.INCOMPLETE_EXCHANGE);
  }

  @Test
  void pointOfTheDestinationNotSeen_isIncomplete() {
    change(DESTINATION_HOP, hop -> withAcceptor(hop, end -> end.lastReadNanos = 0));
    assertThat(tellPartial()).isEqualTo(PartialReason.INCOMPLETE_EXCHANGE);
  }

  @Test
  void responseOnTheHopNotSeen_isIncomplete() {
    change(SOURCE_HOP, hop -> withAcceptor(hop, end -> end.firstSendNanos = 0));
    assertThat(tellPartial()).isEqualTo(PartialReason.INCOMPLETE_EXCHANGE);
  }

  @Test
  void flushedAsIdleBeforeTheResponse_isIncomplete() {
    call.stepMicros[9] = 200_000;
    change(
        SOURCE_HOP,
        hop ->
            withAcceptor(
                hop,
                end -> {
                  end.flags = ExchangeEnd.IDLE_FLUSH;
                  end.firstSendNanos = call.point(3) + 50_000;
                  end.lastSendNanos = end.firstSendNanos;
                }));

    assertThat(tellPartial()).isEqualTo(PartialReason.INCOMPLETE_EXCHANGE);
  }

  @Test
  void upstreamFlushedAsIdleBeforeTheResponse_isIncomplete() {
    call.stepMicros[9] = 200_000;
    change(
        LINK_INITIATOR,
        hop ->
            withInitiator(
                hop,
                end -> {
                  end.flags = ExchangeEnd.IDLE_FLUSH;
                  end.firstReadNanos = call.point(4) + 50_000;
                  end.lastReadNanos = end.firstReadNanos;
                }));

    assertThat(tellPartial()).isEqualTo(PartialReason.INCOMPLETE_EXCHANGE);
  }

  @Test
  void flushedAsIdleAfterTheResponse_isFull() {
    call.stepMicros[9] = 200_000;
    change(SOURCE_HOP, hop -> withAcceptor(hop, end -> end.flags = ExchangeEnd.IDLE_FLUSH));
    change(LINK_INITIATOR, hop -> withInitiator(hop, end -> end.flags = ExchangeEnd.IDLE_FLUSH));
    assertFull();
  }

  @Test
  void requestIdNotReadable_isNoContradiction() {
    change(SOURCE_HOP, hop -> withInitiator(hop, end -> end.requestId = ""));
    change(DESTINATION_HOP, hop -> withInitiator(hop, end -> end.requestId = ""));
    assertFull();
  }

  @Test
  void requestIdOfTheDestinationsHopIsAnothers_isRefused() {
    change(DESTINATION_HOP, hop -> withInitiator(hop, end -> end.requestId = "another"));
    assertThat(tellPartial()).isEqualTo(PartialReason.REQUEST_ID_MISMATCH);
  }

  @Test
  void upstreamResponseReadAfterTheProxysOwn_isAnothers() {
    change(
        LINK_INITIATOR,
        hop ->
            withInitiator(
                hop,
                end -> {
                  end.firstReadNanos = call.point(17) + 6_000;
                  end.lastReadNanos = end.firstReadNanos;
                }));
    assertThat(tellPartial()).isEqualTo(PartialReason.NO_SOURCE_UPSTREAM);
  }

  @Test
  void sentBeforeEnvoySaidSo_isFlaggedBeyondTheClocksError() {
    // Envoy's "sent" is a microsecond after the point; the clock's error is five.
    assertThat(flagsWithUpstreamSend(call.point(4) - 3_000))
        .doesNotContain(RequestFlag.ORDER_VIOLATED);
    assertThat(flagsWithUpstreamSend(call.point(4) - 5_000)).contains(RequestFlag.ORDER_VIOLATED);
  }

  @Test
  void readAfterEnvoySaidSo_isFlaggedBeyondTheClocksError() {
    // Envoy's "received" is four microseconds after the point.
    assertThat(flagsWithUpstreamRead(call.point(16) + 8_000))
        .doesNotContain(RequestFlag.ORDER_VIOLATED);
    assertThat(flagsWithUpstreamRead(call.point(16) + 10_000)).contains(RequestFlag.ORDER_VIOLATED);
  }

  private Set<RequestFlag> flagsWithUpstreamSend(long nanos) {
    return flagsOf(
        hop ->
            withInitiator(
                hop,
                end -> {
                  end.firstSendNanos = nanos;
                  end.lastSendNanos = nanos;
                }));
  }

  private Set<RequestFlag> flagsWithUpstreamRead(long nanos) {
    return flagsOf(
        hop ->
            withInitiator(
                hop,
                end -> {
                  end.firstReadNanos = nanos;
                  end.lastReadNanos = nanos;
                }));
  }

  private Set<RequestFlag> flagsOf(UnaryOperator<HopRecord> changeOfTheLink) {
    JoinHarness fresh = new JoinHarness();
    List<HopRecord> records = call.hops();
    records.set(LINK_INITIATOR, changeOfTheLink.apply(records.get(LINK_INITIATOR)));
    fresh.feedClock();
    fresh.feedHops(records);
    fresh.feedEntries(call);
    fresh.settle();
    assertThat(fresh.onlyCall().coverage()).isEqualTo(Coverage.FULL);
    return fresh.onlyCall().flags();
  }

  private void assertMissing(int missing, PartialReason reason) {
    JoinHarness fresh = new JoinHarness();
    List<HopRecord> records = call.hops();
    int ends = records.stream().mapToInt(JoinReasonTest::endCount).sum();
    int missingEnds = endCount(records.remove(missing));
    fresh.feedClock();
    fresh.feedHops(records);
    fresh.feedEntries(call);
    fresh.settle();
    assertThat(fresh.told).as("too early").isEmpty();
    fresh.passWindow();

    assertThat(fresh.onlyCall().coverage()).isEqualTo(Coverage.ALS_ONLY);
    assertThat(fresh.onlyCall().reason()).isEqualTo(reason);
    // What the kernel saw at the other proxy may be told, if it is right.
    assertThat(fresh.onlyCall().breakdown().nanos(LatencyComponent.NETWORK))
        .isIn(LatencyBreakdown.ABSENT, 60_000L);
    assertThat(fresh.onlyCall().breakdown().nanos(LatencyComponent.APPLICATION))
        .isIn(LatencyBreakdown.ABSENT, missing == DESTINATION_HOP ? -1L : 100_000L);
    AccessLogEntry entry = call.sourceEntry();
    LatencyBreakdown breakdown = fresh.onlyCall().breakdown();
    if (missing == SOURCE_HOP) {
      assertThat(breakdown.totalNanos()).isEqualTo(entry.lastDownstreamTxNanos());
    } else if (missing == DESTINATION_HOP) {
      AccessLogEntry far = call.destinationEntry();
      assertThat(breakdown.totalNanos()).isEqualTo(call.point(19) - call.point(0));
      assertThat(breakdown.nanos(LatencyComponent.DESTINATION_UNSPLIT))
          .isEqualTo(far.lastUpstreamRxNanos() - far.lastUpstreamTxNanos());
    }
    assertThat(fresh.metrics.byOutcome).containsEntry("ENTRY PARTIAL " + reason.key(), 2);
    assertThat(
            fresh.metrics.byOutcome.entrySet().stream()
                .filter(outcome -> outcome.getKey().startsWith("END "))
                .mapToInt(Map.Entry::getValue)
                .sum())
        .as("%s", fresh.metrics.byOutcome)
        .isEqualTo(ends - missingEnds);
  }

  private static int endCount(HopRecord hop) {
    return (hop.initiator() == null ? 0 : 1) + (hop.acceptor() == null ? 0 : 1);
  }

  private void change(int index, UnaryOperator<HopRecord> by) {
    if (hops.isEmpty()) {
      hops.addAll(call.hops());
    }
    hops.set(index, by.apply(hops.get(index)));
  }

  private PartialReason tellPartial() {
    harness.feedClock();
    harness.feedHops(hops);
    harness.feedEntries(call);
    harness.settle();
    harness.passWindow();
    assertThat(harness.onlyCall().coverage()).isEqualTo(Coverage.ALS_ONLY);
    return harness.onlyCall().reason();
  }

  private void assertFull() {
    harness.feedClock();
    harness.feedHops(hops);
    harness.feedEntries(call);
    harness.settle();
    assertThat(harness.onlyCall().coverage())
        .as("%s", harness.onlyCall().reason())
        .isEqualTo(Coverage.FULL);
  }
}
