/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.correlator;

import static dev.sidelight.correlator.JoinHarness.BEGIN_NANOS;
import static dev.sidelight.correlator.JoinHarness.SECOND_NANOS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sidelight.correlator.CorrelatorMetrics.RecordType;
import org.junit.jupiter.api.Test;

/** The router's entries of single attempts: never calls, and in the end with their stream's. */
class AttemptsTest {

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
