/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.correlator;

import static dev.sidelight.correlator.JoinHarness.BEGIN_NANOS;
import static dev.sidelight.correlator.JoinHarness.LINK_ACCEPTOR;
import static dev.sidelight.correlator.JoinHarness.LINK_INITIATOR;
import static dev.sidelight.correlator.JoinHarness.SECOND_NANOS;
import static dev.sidelight.correlator.JoinHarness.withInitiator;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sidelight.correlator.CorrelatorMetrics.RecordType;
import org.junit.jupiter.api.Test;

/** The router's entries of single attempts: never calls, and in the end with their stream's. */
class AttemptsTest {

  private static final SocketAddress OTHER_LINK = new SocketAddress(TestCall.SOURCE_POD, 50_077);

  private final JoinHarness harness = new JoinHarness();
  private final TestCall call = new TestCall(1, BEGIN_NANOS);

  @Test
  void attempts_areTheirStreamsInWhateverOrderTheyCame() {
    call.attemptCount = 3;
    call.stepMicros[3] = 9_200;
    harness.feedClock();
    harness.correlator.onAccessLog(attempt(9_100_000), BEGIN_NANOS);
    harness.correlator.onAccessLog(attempt(4_000_000), BEGIN_NANOS);
    harness.correlator.onAccessLog(attempt(100_000), BEGIN_NANOS);
    harness.feedHops(call.hops());
    harness.feedEntries(call);
    harness.settle();

    assertThat(harness.onlyCall().breakdown().nanos(LatencyComponent.RETRY))
        .isEqualTo(9_200_000 - 103_000);
    assertThat(harness.onlyCall().flags()).doesNotContain(RequestFlag.ATTEMPTS_UNSEEN);
    assertThat(harness.metrics.byOutcome).containsEntry("ENTRY CORRELATED ", 2 + 3);
    assertThat(harness.metrics.pending).containsEntry(RecordType.ENTRY, 0);
  }

  @Test
  void firstAttemptsSend_beginsTheRetry() {
    call.attemptCount = 2;
    call.stepMicros[3] = 5_200;
    harness.feedClock();
    harness.correlator.onAccessLog(
        attemptBuilder(call.requestId, 100_000).firstUpstreamTxNanos(40_000).build(), BEGIN_NANOS);
    harness.correlator.onAccessLog(attempt(5_100_000), BEGIN_NANOS);
    harness.feedHops(call.hops());
    harness.feedEntries(call);
    harness.settle();

    assertThat(harness.onlyCall().breakdown().nanos(LatencyComponent.RETRY))
        .isEqualTo(5_200_000 - 143_000);
  }

  @Test
  void lastAttemptThatWaitedForRoom_waitedForTheLinkAndTheAttemptsBeforeDidNot() {
    call.attemptCount = 2;
    call.stepMicros[3] = 5_200;
    harness.feedClock();
    harness.correlator.onAccessLog(
        attemptBuilder(call.requestId, 100_000).firstUpstreamTxNanos(40_000).build(), BEGIN_NANOS);
    harness.correlator.onAccessLog(attempt(5_100_000), BEGIN_NANOS);
    harness.feedHops(call.hops().subList(0, LINK_INITIATOR));
    harness.correlator.onHop(
        withInitiator(
            call.hops().get(LINK_INITIATOR), end -> end.flags = ExchangeEnd.WAITED_FOR_ROOM),
        BEGIN_NANOS);
    harness.feedHops(call.hops().subList(LINK_ACCEPTOR, 4));
    harness.feedEntries(call);
    harness.settle();

    LatencyBreakdown breakdown = harness.onlyCall().breakdown();
    assertThat(breakdown.nanos(LatencyComponent.RETRY)).isEqualTo(5_200_000 - 143_000);
    assertThat(breakdown.nanos(LatencyComponent.SOURCE_SIDECAR)).isEqualTo(100_000);
    assertThat(breakdown.nanos(LatencyComponent.NETWORK)).isEqualTo(60_000 + 143_000);
  }

  @Test
  void whatADestinationSaysOfAnEarlierAttempt_isNoCall() {
    call.attemptCount = 2;
    call.stepMicros[3] = 5_200;
    SocketAddress otherLink = new SocketAddress(TestCall.SOURCE_POD, 50_077);
    TestCall refused = new TestCall(2, BEGIN_NANOS + 100_000);
    refused.requestId = call.requestId;
    refused.responseCode = 503;
    AccessLogEntry reached = refused.destinationEntry(otherLink);
    harness.feedClock();
    harness.correlator.onAccessLog(reached, BEGIN_NANOS);
    harness.correlator.onAccessLog(
        attemptBuilder(call.requestId, 100_000).upstreamLocal(otherLink).build(), BEGIN_NANOS);
    harness.correlator.onAccessLog(
        attemptBuilder(call.requestId, 5_100_000).upstreamLocal(TestCall.LINK_LOCAL).build(),
        BEGIN_NANOS);
    harness.feedHops(call.hops());
    harness.feedEntries(call);
    harness.settle();
    harness.passWindow();

    assertThat(harness.onlyCall().coverage()).isEqualTo(Coverage.FULL);
    assertThat(harness.metrics.byOutcome).containsEntry("ENTRY PARTIAL attempt", 1);
    assertThat(harness.metrics.byOutcome).containsEntry("ENTRY CORRELATED ", 2 + 2);
  }

  @Test
  void whatADestinationSaysOfAnotherTimeOnAnAttemptsLink_isItsOwnCall() {
    call.attemptCount = 2;
    call.stepMicros[3] = 5_200;
    SocketAddress otherLink = new SocketAddress(TestCall.SOURCE_POD, 50_077);
    TestCall later = new TestCall(2, BEGIN_NANOS + 1_200_000_000L);
    later.requestId = call.requestId;
    harness.feedClock();
    harness.correlator.onAccessLog(later.destinationEntry(otherLink), BEGIN_NANOS);
    harness.correlator.onAccessLog(
        attemptBuilder(call.requestId, 100_000).upstreamLocal(otherLink).build(), BEGIN_NANOS);
    harness.correlator.onAccessLog(attempt(5_100_000), BEGIN_NANOS);
    harness.feedHops(call.hops());
    harness.feedEntries(call);
    harness.settle();
    harness.passWindow();

    assertThat(harness.told).hasSize(2);
  }

  @Test
  void whatADestinationSaysOfAnEarlierAttemptAfterItsCall_isNoCall() {
    harness.feedClock();
    feedRetried(OTHER_LINK);
    harness.settle();
    assertThat(harness.onlyCall().coverage()).isEqualTo(Coverage.FULL);

    harness.correlator.onAccessLog(refused().destinationEntry(OTHER_LINK), at(1_100));
    harness.correlator.advance(at(2_000));

    assertThat(harness.metrics.byOutcome).containsEntry("ENTRY PARTIAL attempt", 1);
    harness.correlator.advance(at(12_000));
    assertThat(harness.told).hasSize(1);
    assertThat(harness.metrics.balances(RecordType.ENTRY)).isTrue();
    assertThat(harness.metrics.pending).containsEntry(RecordType.ENTRY, 0);
  }

  @Test
  void lateEntryOfAnEarlierAttempt_takesItsHopWithIt() {
    TestCall refused = refused();
    harness.feedClock();
    feedRetried(OTHER_LINK);
    harness.settle();
    harness.correlator.onHop(
        new HopRecord(
            TestCall.NODE,
            TestCall.DESTINATION_POD,
            withPort(refused.destinationProxy(), 60_077),
            withPort(refused.destinationApp(), 60_077),
            false),
        at(1_100));
    AccessLogEntry reached =
        refused
            .destinationEntryBuilder(OTHER_LINK)
            .upstreamLocal(new SocketAddress("127.0.0.6", 60_077))
            .build();
    harness.correlator.onAccessLog(reached, at(1_100));
    harness.correlator.advance(at(2_000));

    assertThat(harness.metrics.byOutcome)
        .containsEntry("ENTRY PARTIAL attempt", 1)
        .containsEntry("END PARTIAL attempt", 2);
  }

  @Test
  void earlierAttemptHasOneEntry_andTheNextIsACallOfItsOwn() {
    harness.feedClock();
    feedRetried(OTHER_LINK);
    harness.settle();
    harness.correlator.onAccessLog(refused().destinationEntry(OTHER_LINK), at(1_100));
    TestCall next = refused();
    AccessLogEntry another = next.destinationEntryBuilder(OTHER_LINK).streamId("another").build();
    harness.correlator.onAccessLog(another, at(1_100));
    harness.correlator.advance(at(2_000));
    harness.correlator.advance(at(12_000));

    assertThat(harness.metrics.byOutcome).containsEntry("ENTRY PARTIAL attempt", 1);
    assertThat(harness.told).hasSize(2);
  }

  @Test
  void earlierAttempt_isForgottenWithItsWindow() {
    harness.feedClock();
    feedRetried(OTHER_LINK);
    harness.settle();
    harness.correlator.advance(at(11_001));

    harness.correlator.onAccessLog(refused().destinationEntry(OTHER_LINK), at(11_100));
    harness.correlator.advance(at(12_000));
    harness.correlator.advance(at(22_000));

    assertThat(harness.told).hasSize(2);
  }

  @Test
  void callOfTheSameIdOnTheAnswersLink_isNoAttempt() {
    // Apps forward ids: reviews is called once more, 20 ms later, on the connection that is open.
    TestCall next = new TestCall(2, BEGIN_NANOS + 20_000_000);
    next.requestId = call.requestId;
    harness.feedClock();
    feedRetried(TestCall.LINK_LOCAL);
    harness.feedHops(next.hops());
    harness.correlator.onAccessLog(
        stream(next.destinationEntryBuilder(TestCall.LINK_LOCAL)), at(0));
    harness.settle();
    harness.correlator.onAccessLog(stream(next.sourceEntryBuilder()), at(1_100));
    harness.correlator.advance(at(2_000));

    assertThat(harness.told).hasSize(2).allMatch(told -> told.coverage() == Coverage.FULL);
    assertThat(harness.metrics.byOutcome).doesNotContainKey("ENTRY PARTIAL attempt");
  }

  @Test
  void callsOfOneIdWithOneAttemptEach_areAllTold() {
    TestCall next = new TestCall(2, BEGIN_NANOS + 20_000_000);
    next.requestId = call.requestId;
    harness.feedClock();
    harness.correlator.onAccessLog(
        attemptBuilder(call.requestId, 100_000).upstreamLocal(TestCall.LINK_LOCAL).build(), at(0));
    harness.feedHops(call.hops());
    harness.feedEntries(call);
    harness.feedHops(next.hops());
    harness.correlator.onAccessLog(
        stream(next.destinationEntryBuilder(TestCall.LINK_LOCAL)), at(0));
    harness.settle();
    harness.correlator.onAccessLog(stream(next.sourceEntryBuilder()), at(1_100));
    harness.correlator.advance(at(2_000));

    assertThat(harness.told).hasSize(2).allMatch(told -> told.coverage() == Coverage.FULL);
  }

  @Test
  void attemptsOnOneLink_areToldApartByTheirTime() {
    harness.feedClock();
    feedRetried(TestCall.LINK_LOCAL);
    harness.correlator.onAccessLog(
        stream(refused().destinationEntryBuilder(TestCall.LINK_LOCAL)), at(0));
    harness.settle();

    assertThat(harness.onlyCall().coverage()).isEqualTo(Coverage.FULL);
    assertThat(harness.metrics.byOutcome).containsEntry("ENTRY PARTIAL attempt", 1);
  }

  @Test
  void callThatNobodyAnswered_leavesItsEarlierAttemptsToo() {
    call.attemptCount = 2;
    call.stepMicros[3] = 5_200;
    harness.feedClock();
    feedAttempts(OTHER_LINK);
    harness.correlator.onAccessLog(call.sourceEntry(), BEGIN_NANOS);
    harness.passWindow();
    assertThat(harness.onlyCall().reason()).isEqualTo(PartialReason.NO_DESTINATION_ENTRY);

    harness.correlator.onAccessLog(refused().destinationEntry(OTHER_LINK), at(10_100));
    harness.correlator.advance(at(11_000));

    assertThat(harness.metrics.byOutcome).containsEntry("ENTRY PARTIAL attempt", 1);
  }

  @Test
  void leftAttempts_makeRoomForEntries() {
    RecordingMetrics metrics = new RecordingMetrics();
    Correlator small =
        new Correlator(new CorrelatorSettings(10 * SECOND_NANOS, 4, 10), metrics, told -> {});
    call.attemptCount = 2;
    small.onAccessLog(
        attemptBuilder(call.requestId, 100_000).upstreamLocal(OTHER_LINK).build(), at(0));
    small.onAccessLog(
        attemptBuilder(call.requestId, 200_000).upstreamLocal(TestCall.LINK_LOCAL).build(), at(0));
    small.onAccessLog(call.sourceEntry(), at(0));
    small.advance(at(10_000));
    for (int i = 0; i < 4; i++) {
      TestCall other = new TestCall(3 + i, BEGIN_NANOS);
      small.onAccessLog(other.destinationEntry(), at(10_100));
    }
    small.onAccessLog(refused().destinationEntry(OTHER_LINK), at(10_100));
    small.advance(at(11_000));

    assertThat(metrics.byOutcome)
        .containsEntry("ENTRY DROPPED capacity", 1)
        .doesNotContainKey("ENTRY PARTIAL attempt");
    assertThat(metrics.balances(RecordType.ENTRY)).isTrue();
  }

  @Test
  void attemptMadeAgain_isNotTakenForTheAnswer() {
    call.attemptCount = 2;
    TestCall refused = new TestCall(1, BEGIN_NANOS + 20_000);
    refused.responseCode = 503;
    harness.feedClock();
    harness.correlator.onAccessLog(refused.destinationEntry(), BEGIN_NANOS);
    harness.correlator.onAccessLog(call.sourceEntry(), BEGIN_NANOS);
    harness.passWindow();

    assertThat(harness.told)
        .extracting(CorrelatedRequest::reason)
        .containsExactlyInAnyOrder(
            PartialReason.NO_DESTINATION_ENTRY, PartialReason.NO_SOURCE_PROXY);
  }

  @Test
  void onlyAttemptsEntry_isNoRetry() {
    harness.feedClock();
    harness.correlator.onAccessLog(attempt(100_000), BEGIN_NANOS);
    harness.feedHops(call.hops());
    harness.feedEntries(call);
    harness.settle();

    assertThat(harness.onlyCall().breakdown().nanos(LatencyComponent.RETRY))
        .isEqualTo(LatencyBreakdown.ABSENT);
    assertThat(harness.onlyCall().flags()).isEmpty();
  }

  @Test
  void attemptOfAnotherRequestOrTime_isNotTheStreams() {
    call.attemptCount = 2;
    harness.feedClock();
    harness.correlator.onAccessLog(attempt(100_000), BEGIN_NANOS);
    harness.correlator.onAccessLog(attemptBuilder("another", 110_000).build(), BEGIN_NANOS);
    harness.correlator.onAccessLog(attempt(-1_000), BEGIN_NANOS);
    harness.correlator.onAccessLog(attempt(50_000_000), BEGIN_NANOS);
    harness.feedHops(call.hops());
    harness.feedEntries(call);
    harness.settle();

    assertThat(harness.onlyCall().flags()).contains(RequestFlag.ATTEMPTS_UNSEEN);
    assertThat(harness.metrics.byOutcome).containsEntry("ENTRY CORRELATED ", 2 + 1);
    assertThat(harness.metrics.pending).containsEntry(RecordType.ENTRY, 3);
    harness.passWindow();
    assertThat(harness.metrics.byOutcome).containsEntry("ENTRY EXPIRED no_stream", 3);
  }

  @Test
  void attemptsAtTheStreamsFirstAndLastMoment_areItsOwn() {
    call.attemptCount = 2;
    harness.feedClock();
    harness.correlator.onAccessLog(attempt(0), BEGIN_NANOS);
    harness.correlator.onAccessLog(attempt(call.sourceEntry().durationNanos()), BEGIN_NANOS);
    harness.feedHops(call.hops());
    harness.feedEntries(call);
    harness.settle();

    assertThat(harness.metrics.byOutcome).containsEntry("ENTRY CORRELATED ", 2 + 2);
  }

  @Test
  void attemptNobodyTakes_expiresWithItsWindow() {
    harness.correlator.onAccessLog(attempt(0), BEGIN_NANOS);

    harness.correlator.advance(BEGIN_NANOS + 10 * SECOND_NANOS - 1);
    assertThat(harness.metrics.byOutcome).isEmpty();
    assertThat(harness.metrics.pending).containsEntry(RecordType.ENTRY, 1);
    harness.passWindow();
    assertThat(harness.metrics.byOutcome).containsEntry("ENTRY EXPIRED no_stream", 1);
    assertThat(harness.metrics.pending).containsEntry(RecordType.ENTRY, 0);
    assertThat(harness.told).isEmpty();
  }

  @Test
  void moreAttemptsThanTheBound_oldestGoCounted() {
    RecordingMetrics metrics = new RecordingMetrics();
    Correlator small =
        new Correlator(new CorrelatorSettings(SECOND_NANOS, 3, 1), metrics, told -> {});
    for (int i = 0; i < 5; i++) {
      small.onAccessLog(attempt(i), BEGIN_NANOS);
    }
    small.advance(BEGIN_NANOS);

    assertThat(metrics.byOutcome).containsEntry("ENTRY DROPPED capacity", 2);
    assertThat(metrics.pending).containsEntry(RecordType.ENTRY, 3);
  }

  private static long at(long millis) {
    return BEGIN_NANOS + millis * 1_000_000;
  }

  /** The call was made twice: 100 us after its start on a link, then on its own. */
  private void feedRetried(SocketAddress firstLink) {
    call.attemptCount = 2;
    call.stepMicros[3] = 5_200;
    feedAttempts(firstLink);
    harness.feedHops(call.hops());
    harness.feedEntries(call);
  }

  private void feedAttempts(SocketAddress firstLink) {
    harness.correlator.onAccessLog(
        attemptBuilder(call.requestId, 100_000).upstreamLocal(firstLink).build(), BEGIN_NANOS);
    harness.correlator.onAccessLog(
        attemptBuilder(call.requestId, 5_100_000).upstreamLocal(TestCall.LINK_LOCAL).build(),
        BEGIN_NANOS);
  }

  /** What the first attempt met. */
  private TestCall refused() {
    TestCall refused = new TestCall(2, BEGIN_NANOS + 100_000);
    refused.requestId = call.requestId;
    refused.responseCode = 503;
    return refused;
  }

  private static ExchangeEnd withPort(ExchangeEnd end, int port) {
    TestEnd changed = new TestEnd(end);
    SocketAddress address = new SocketAddress("127.0.0.6", port);
    changed.local = end.initiator() ? address : end.local();
    changed.remote = end.initiator() ? end.remote() : address;
    return changed.build();
  }

  /** Of another stream than the request id's first. */
  private static AccessLogEntry stream(AccessLogEntryBuilder entry) {
    return entry.streamId("another").build();
  }

  private AccessLogEntry attempt(long afterStartNanos) {
    return attemptBuilder(call.requestId, afterStartNanos).build();
  }

  private AccessLogEntryBuilder attemptBuilder(String requestId, long afterStartNanos) {
    AccessLogEntry stream = call.sourceEntry();
    return AccessLogEntry.builder()
        .kind(AccessLogEntry.Kind.UPSTREAM_END)
        .proxy(stream.proxy())
        .direction(stream.direction())
        .startEpochNanos(stream.startEpochNanos() + afterStartNanos)
        .downstreamRemote(stream.downstreamRemote())
        .requestId(requestId);
  }
}
