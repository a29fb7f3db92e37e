/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.correlator;

import static dev.sidelight.correlator.JoinHarness.BEGIN_NANOS;
import static dev.sidelight.correlator.JoinHarness.SECOND_NANOS;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Exchanges of one HTTP/1 connection that are nearer than the clock's error: none is guessed. */
class AmbiguousExchangeTest {

  private static final long ERROR_NANOS = 100_000;
  private static final long LONG_NANOS = 10 * ERROR_NANOS;

  /** When Envoy began the stream. */
  private static final long START_NANOS = BEGIN_NANOS + 100_000_000;

  /** When it sent the request upstream. */
  private static final long SENT_NANOS = START_NANOS + LONG_NANOS;

  private static final long ANSWERED_NANOS = START_NANOS + 4 * LONG_NANOS;
  private static final long OFFSET_NANOS = TestCall.clockSample(0).epochOffsetNanos();

  private final TestCall call = new TestCall(1, BEGIN_NANOS);
  private final ExchangeWindow exchanges =
      new ExchangeWindow(
          new CorrelatorSettings(10 * SECOND_NANOS, 1_000, 4_000), new RecordingMetrics());
  private int index;

  @Test
  void previousDownstreamAnsweredWithinTheError_isAmbiguous() {
    downstream("", START_NANOS - LONG_NANOS, START_NANOS - ERROR_NANOS);
    downstream("", START_NANOS - ERROR_NANOS + 1, ANSWERED_NANOS);

    assertThat(downstreamReason()).isEqualTo(PartialReason.AMBIGUOUS_EXCHANGE);
  }

  @Test
  void previousDownstreamAnsweredBeforeTheError_isNone() {
    downstream("", START_NANOS - LONG_NANOS, START_NANOS - ERROR_NANOS - 1);
    downstream("", START_NANOS - ERROR_NANOS + 1, ANSWERED_NANOS);

    assertThat(downstreamReason()).isEqualTo(PartialReason.NONE);
  }

  @Test
  void downstreamReadBeforeTheError_previousIsNotPossible() {
    downstream("", START_NANOS - LONG_NANOS, START_NANOS - ERROR_NANOS);
    downstream("", START_NANOS - ERROR_NANOS, ANSWERED_NANOS);

    assertThat(downstreamReason()).isEqualTo(PartialReason.NONE);
  }

  @Test
  void idOnTheDownstream_tells() {
    downstream("other", START_NANOS - LONG_NANOS, START_NANOS - ERROR_NANOS);
    downstream(call.requestId, START_NANOS - ERROR_NANOS + 1, ANSWERED_NANOS);

    assertThat(downstreamReason()).isEqualTo(PartialReason.NONE);
  }

  @Test
  void oneIdOnBothDownstreams_tellsNothing() {
    downstream(call.requestId, START_NANOS - LONG_NANOS, START_NANOS - ERROR_NANOS);
    downstream(call.requestId, START_NANOS - ERROR_NANOS + 1, ANSWERED_NANOS);

    assertThat(downstreamReason()).isEqualTo(PartialReason.AMBIGUOUS_EXCHANGE);
  }

  @Test
  void downstreamReadLongBeforeAndPerhapsAnswered_itsNextMayBeLost() {
    downstream("", START_NANOS - 2 * ERROR_NANOS - 1, START_NANOS + ERROR_NANOS - 1);

    assertThat(downstreamReason()).isEqualTo(PartialReason.AMBIGUOUS_EXCHANGE);
  }

  @Test
  void downstreamSurelyUnanswered_isTheStreams() {
    downstream("", START_NANOS - 2 * ERROR_NANOS - 1, START_NANOS + ERROR_NANOS);

    assertThat(downstreamReason()).isEqualTo(PartialReason.NONE);
  }

  @Test
  void downstreamReadJustBefore_isTheStreamsHoweverShort() {
    downstream("", START_NANOS - 2 * ERROR_NANOS, START_NANOS + ERROR_NANOS - 1);

    assertThat(downstreamReason()).isEqualTo(PartialReason.NONE);
  }

  @Test
  void upstreamAnsweredWithinTheErrorAndAnotherBehind_isAmbiguous() {
    upstream("", SENT_NANOS, SENT_NANOS + ERROR_NANOS - 1);
    upstream("", SENT_NANOS + ERROR_NANOS, SENT_NANOS + LONG_NANOS);

    assertThat(upstreamReason()).isEqualTo(PartialReason.AMBIGUOUS_EXCHANGE);
  }

  @Test
  void upstreamAnsweredAfterTheErrorAndAnotherBehind_isTheStreams() {
    upstream("", SENT_NANOS, SENT_NANOS + ERROR_NANOS);
    upstream("", SENT_NANOS + ERROR_NANOS + 1, SENT_NANOS + LONG_NANOS);

    assertThat(upstreamReason()).isEqualTo(PartialReason.NONE);
  }

  @Test
  void upstreamAnsweredWithinTheErrorAndNoneBehind_isTheStreams() {
    upstream("", SENT_NANOS, SENT_NANOS + ERROR_NANOS - 1);

    assertThat(upstreamReason()).isEqualTo(PartialReason.NONE);
  }

  @Test
  void previousUpstreamSentWithinTheError_isAmbiguous() {
    upstream("", SENT_NANOS - ERROR_NANOS, SENT_NANOS - 1);
    upstream("", SENT_NANOS, SENT_NANOS + LONG_NANOS);

    assertThat(upstreamReason()).isEqualTo(PartialReason.AMBIGUOUS_EXCHANGE);
  }

  @Test
  void previousUpstreamSentBeforeTheError_isNone() {
    upstream("", SENT_NANOS - ERROR_NANOS - 1, SENT_NANOS - 1);
    upstream("", SENT_NANOS, SENT_NANOS + LONG_NANOS);

    assertThat(upstreamReason()).isEqualTo(PartialReason.NONE);
  }

  @Test
  void idOnTheUpstream_tells() {
    upstream("other", SENT_NANOS - ERROR_NANOS, SENT_NANOS - 1);
    upstream(call.requestId, SENT_NANOS, SENT_NANOS + ERROR_NANOS - 1);
    upstream("another", SENT_NANOS + ERROR_NANOS, SENT_NANOS + LONG_NANOS);

    assertThat(upstreamReason()).isEqualTo(PartialReason.NONE);
  }

  /** Of a source that answered by itself. */
  private PartialReason downstreamReason() {
    return reasonOf(call.sourceEntryBuilder().upstreamLocal(null));
  }

  /** Of a destination whose downstream is beyond doubt. */
  private PartialReason upstreamReason() {
    TestEnd link = next(call.linkAcceptor());
    link.firstReadNanos = START_NANOS;
    link.lastReadNanos = START_NANOS;
    link.firstSendNanos = ANSWERED_NANOS;
    add(TestCall.DESTINATION_POD, null, link);
    return reasonOf(
        call.destinationEntryBuilder(TestCall.LINK_LOCAL)
            .firstUpstreamTxNanos(SENT_NANOS - START_NANOS));
  }

  private PartialReason reasonOf(AccessLogEntryBuilder entry) {
    NodeClock clock = new NodeClock();
    clock.add(new ClockSample(BEGIN_NANOS, OFFSET_NANOS, ERROR_NANOS));
    clock.add(new ClockSample(BEGIN_NANOS + SECOND_NANOS, OFFSET_NANOS, ERROR_NANOS));
    Leg leg = new Leg(entry.startEpochNanos(START_NANOS + OFFSET_NANOS).build(), 0);
    new PodJoin(exchanges).resolve(leg, clock);
    return leg.reason;
  }

  private void downstream(String requestId, long readNanos, long sentNanos) {
    TestEnd app = next(call.sourceApp());
    app.requestId = requestId;
    TestEnd proxy = next(call.sourceProxy());
    proxy.firstReadNanos = readNanos;
    proxy.lastReadNanos = readNanos;
    proxy.firstSendNanos = sentNanos;
    proxy.lastSendNanos = sentNanos;
    add(TestCall.SOURCE_POD, app, proxy);
  }

  private void upstream(String requestId, long sentNanos, long readNanos) {
    TestEnd proxy = next(call.destinationProxy());
    proxy.requestId = requestId;
    proxy.firstSendNanos = sentNanos;
    proxy.lastSendNanos = sentNanos;
    proxy.firstReadNanos = readNanos;
    proxy.lastReadNanos = readNanos;
    add(TestCall.DESTINATION_POD, proxy, next(call.destinationApp()));
  }

  private TestEnd next(ExchangeEnd end) {
    TestEnd next = new TestEnd(end);
    next.exchangeIndex = ++index;
    return next;
  }

  private void add(String pod, TestEnd initiator, TestEnd acceptor) {
    ExchangeEnd opened = initiator == null ? null : initiator.build();
    exchanges.add(new HopRecord(TestCall.NODE, pod, opened, acceptor.build(), false), 0);
  }
}
