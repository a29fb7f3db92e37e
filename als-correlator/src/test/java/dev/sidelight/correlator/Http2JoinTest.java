/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.correlator;

import static dev.sidelight.correlator.LatencyComponent.APPLICATION;
import static dev.sidelight.correlator.LatencyComponent.DESTINATION_SIDECAR_QUEUE;
import static dev.sidelight.correlator.LatencyComponent.LINK_UNSPLIT;
import static dev.sidelight.correlator.LatencyComponent.NETWORK;
import static dev.sidelight.correlator.LatencyComponent.SOURCE_SIDECAR_QUEUE;
import static dev.sidelight.correlator.TestCorrelator.BEGIN_NANOS;
import static dev.sidelight.correlator.TestCorrelator.micros;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Several streams at once on one connection: each call has its own figures, or a reason. */
class Http2JoinTest {

  private final TestCorrelator correlator = new TestCorrelator();

  @Test
  void streamsAtOnce_eachCallFindsItsOwnByRequestId() {
    streams(20).forEach(correlator::feed);

    assertThatEachIsItsOwn(20);
  }

  @Test
  void appWithoutRequestIds_orderOfReadsTells() {
    for (TestCall call : streams(20)) {
      call.appSendsRequestId = false;
      correlator.feed(call);
    }

    assertThatEachIsItsOwn(20);
  }

  @Test
  void headersReadAtOnce_nthIsTheNthEntry() {
    List<TestCall> calls = streams(5);
    for (int i = calls.size() - 1; i >= 0; i--) {
      feedReadWith(calls.get(0), calls.get(i));
      correlator.feedAll(calls.get(i).sourceEntry(), calls.get(i).destinationEntry());
    }

    correlator.settled();
    assertThatEachIsItsOwn(5);
  }

  @Test
  void headersReadAtOnceAndAnEntryMissing_areRefused() {
    List<TestCall> calls = streams(3);
    for (TestCall call : calls) {
      feedReadWith(calls.get(0), call);
      correlator.feed(call.destinationEntry());
    }
    correlator.feedAll(calls.get(0).sourceEntry(), calls.get(2).sourceEntry());

    assertThat(correlator.settled()).isEmpty();
    assertThat(correlator.ended())
        .filteredOn(call -> call.source().equals(TestCall.PRODUCTPAGE))
        .hasSize(2)
        .allMatch(call -> call.coverage() == Coverage.ALS_ONLY)
        .allMatch(call -> call.reason() == PartialReason.AMBIGUOUS_STREAM)
        .allMatch(call -> call.sourceHop() == null);
  }

  @Test
  void oneIdOnSeveralStreamsAtOnce_orderTellsThem() {
    for (TestCall call : streams(10)) {
      call.requestId = "forwarded";
      correlator.feed(call);
    }

    assertThat(correlator.ended())
        .extracting(call -> micros(call, APPLICATION))
        .containsExactlyInAnyOrder(101L, 102L, 103L, 104L, 105L, 106L, 107L, 108L, 109L, 110L);
  }

  @Test
  void oneIdOnSeveralStreamsOfAnEncryptedLink_orderTellsThem() {
    for (TestCall call : streams(10)) {
      call.requestId = "forwarded";
      call.encryptedLink = true;
      correlator.feed(call);
    }

    assertThat(correlator.ended())
        .hasSize(10)
        .allMatch(call -> call.coverage() == Coverage.FULL)
        .allMatch(call -> micros(call, LINK_UNSPLIT) == 147);
  }

  @Test
  void oneIdOnSeveralStreamsOfAnEncryptedLinkAndAnEntryMissing_areToldApart() {
    List<TestCall> calls = streams(3);
    for (TestCall call : calls) {
      call.requestId = "forwarded";
      call.encryptedLink = true;
      call.hops().forEach(correlator::feed);
      correlator.feed(call.sourceEntry());
    }
    correlator.feedAll(calls.get(0).destinationEntry(), calls.get(2).destinationEntry());

    assertThat(correlator.ended())
        .hasSize(5)
        .allMatch(call -> call.coverage() == Coverage.ONE_SIDED);
  }

  @Test
  void destinationsStreamThatCameBeforeItsNeighbours_isLookedForAgain() {
    List<TestCall> calls = streams(2);
    TestCall first = calls.get(0);
    TestCall second = calls.get(1);
    first.hops().forEach(correlator::feed);
    correlator.feed(first.sourceEntry());
    for (int i = 0; i < 4; i++) {
      if (i != JoinHarness.LINK_ACCEPTOR) {
        correlator.feed(second.hops().get(i));
      }
    }
    correlator.feedAll(second.sourceEntry(), second.destinationEntry());
    assertThat(correlator.settled()).isEmpty();

    correlator.feed(second.hops().get(JoinHarness.LINK_ACCEPTOR));
    correlator.feed(first.destinationEntry());

    assertThatEachIsItsOwn(2);
  }

  @Test
  void sourcesStreamLateOnALinkThatTheDestinationReads_isWaitedFor() {
    TestCall call = streams(1).get(0);
    for (int i = 0; i < 4; i++) {
      if (i != JoinHarness.LINK_INITIATOR) {
        correlator.feed(call.hops().get(i));
      }
    }
    correlator.feedAll(call.sourceEntry(), call.destinationEntry());
    assertThat(correlator.settled()).isEmpty();

    correlator.feed(call.hops().get(JoinHarness.LINK_INITIATOR));

    assertThatEachIsItsOwn(1);
  }

  @Test
  void sourcesStreamLostOnALinkThatTheDestinationReads_isNotFull() {
    TestCall call = streams(1).get(0);
    for (int i = 0; i < 4; i++) {
      if (i != JoinHarness.LINK_INITIATOR) {
        correlator.feed(call.hops().get(i));
      }
    }
    correlator.feedAll(call.sourceEntry(), call.destinationEntry());

    correlator.ended();
    assertThat(correlator.onlyCall().coverage()).isEqualTo(Coverage.ALS_ONLY);
    assertThat(correlator.onlyCall().reason()).isEqualTo(PartialReason.NO_SOURCE_UPSTREAM);
  }

  @Test
  void otherMethodOrStatusOnTheStream_isRefused() {
    TestCall call = streams(1).get(0);
    call.hops().forEach(correlator::feed);
    call.responseCode = 503;
    correlator.feedAll(call.sourceEntry(), call.destinationEntry());

    assertThat(correlator.ended())
        .allMatch(told -> told.coverage() == Coverage.ALS_ONLY)
        .allMatch(told -> told.reason() == PartialReason.NO_SOURCE_DOWNSTREAM);
  }

  @Test
  void streamWhoseRecordIsLost_doesNotGetAnothersThatIsStillOpen() {
    List<TestCall> calls = streams(2);
    TestCall open = calls.get(0);
    open.appSendsRequestId = false;
    open.stepMicros[9] = 500_000;
    open.hops().forEach(correlator::feed);
    TestCall lost = calls.get(1);
    correlator.feedAll(lost.sourceEntry(), lost.destinationEntry());

    assertThat(correlator.ended())
        .hasSize(1)
        .allMatch(call -> call.coverage() == Coverage.ALS_ONLY)
        .allMatch(call -> call.sourceHop() == null);
  }

  @Test
  void encryptedLinkOfSeveralStreams_hopsAreTheKernelsAndTheLinkIsUnsplit() {
    for (TestCall call : streams(20)) {
      call.encryptedLink = true;
      correlator.feed(call);
    }

    assertThat(correlator.settled()).hasSize(20);
    assertThatEachIsItsOwn(20);
    assertThat(correlator.calls)
        .allMatch(call -> call.flags().contains(RequestFlag.LINK_BY_ALS))
        .allMatch(call -> micros(call, NETWORK) == -1)
        .allMatch(call -> micros(call, LINK_UNSPLIT) >= 60)
        .allMatch(call -> call.link() == null);
    TestCall first = streams(1).get(0);
    assertThat(correlator.calls.get(0).breakdown().totalNanos())
        .isEqualTo(first.point(19) - first.point(0));
  }

  @Test
  void encryptedLinkWhoseReadsAreKnown_hasQueueAndNetwork() {
    TestCall call = streams(1).get(0);
    call.encryptedLink = true;
    correlator.feed(call);
    correlator.feed(turn(call.linkInitiator()), TestCall.SOURCE_POD);
    correlator.feed(turn(call.linkAcceptor()), TestCall.DESTINATION_POD);
    correlator.settled();

    CorrelatedRequest told = correlator.onlyCall();
    assertThat(told.coverage()).isEqualTo(Coverage.FULL);
    assertThat(told.flags()).contains(RequestFlag.LINK_BY_ALS);
    assertThat(micros(told, SOURCE_SIDECAR_QUEUE)).isEqualTo(40 + 40);
    assertThat(micros(told, DESTINATION_SIDECAR_QUEUE)).isEqualTo(40 + 20);
    assertThat(micros(told, NETWORK)).isBetween(55L, 66L);
    assertThat(micros(told, LINK_UNSPLIT)).isEqualTo(-1);
    correlator.ended();
  }

  @Test
  void sourceDoesNotKnowThatTheLinkIsHttp2_itsDestinationDoes() {
    TestCall call = streams(1).get(0);
    call.encryptedLink = true;
    call.hops().forEach(correlator::feed);
    correlator.feed(turn(call.linkInitiator()), TestCall.SOURCE_POD);
    correlator.feed(call.destinationEntry());
    call.http2 = false;
    correlator.feed(call.sourceEntry());

    CorrelatedRequest told = correlator.ended().get(0);
    assertThat(told.flags()).contains(RequestFlag.LINK_BY_ALS);
    assertThat(told.link()).isNull();
    assertThat(micros(told, APPLICATION)).isEqualTo(101);
  }

  @Test
  void http2CutByTurns_isNotTakenForRequests() {
    TestCall call = streams(1).get(0);
    call.http2 = false;
    call.hops().forEach(correlator::feed);
    call.http2 = true;
    correlator.feedAll(call.sourceEntry(), call.destinationEntry());

    assertThat(correlator.ended().get(0).sourceHop()).isNull();
    assertThat(correlator.ended().get(0).destinationHop()).isNull();
  }

  /** They begin 50 us after one another, and each lasts more than 1 ms. */
  private static List<TestCall> streams(int count) {
    List<TestCall> calls = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      TestCall call = new TestCall(i, BEGIN_NANOS + i * 50_000L);
      call.requestId = "request-%02d".formatted(i);
      call.http2 = true;
      call.stepMicros[9] = 100L + i;
      calls.add(call);
    }
    return calls;
  }

  /** The source's proxy read its HEADERS together with the first's; the app sent no request id. */
  private void feedReadWith(TestCall first, TestCall call) {
    call.appSendsRequestId = false;
    List<HopRecord> hops = call.hops();
    TestEnd proxy = new TestEnd(call.sourceProxy());
    proxy.firstArrivalNanos = first.point(2);
    proxy.firstReadNanos = first.point(3);
    hops.set(
        0,
        new HopRecord(TestCall.NODE, TestCall.SOURCE_POD, call.sourceApp(), proxy.build(), false));
    hops.forEach(correlator::feed);
  }

  /** What the kernel sees of an encrypted connection. */
  private static ExchangeEnd turn(ExchangeEnd stream) {
    TestEnd turn = new TestEnd(stream);
    turn.http2StreamId = 0;
    turn.requestId = "";
    return turn.build();
  }

  private void assertThatEachIsItsOwn(int count) {
    assertThat(correlator.ended())
        .hasSize(count)
        .allMatch(call -> call.coverage() == Coverage.FULL);
    for (CorrelatedRequest call : correlator.calls) {
      long number = Long.parseLong(call.requestId().substring("request-".length()));
      assertThat(micros(call, APPLICATION)).as(call.requestId()).isEqualTo(100 + number);
    }
  }
}
