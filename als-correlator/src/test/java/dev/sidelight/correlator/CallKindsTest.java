/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.correlator;

import static dev.sidelight.correlator.LatencyComponent.APPLICATION;
import static dev.sidelight.correlator.LatencyComponent.APPLICATION_QUEUE;
import static dev.sidelight.correlator.LatencyComponent.DESTINATION_SIDECAR;
import static dev.sidelight.correlator.LatencyComponent.DESTINATION_SIDECAR_CONNECT;
import static dev.sidelight.correlator.LatencyComponent.DESTINATION_UNSPLIT;
import static dev.sidelight.correlator.LatencyComponent.LINK_UNSPLIT;
import static dev.sidelight.correlator.LatencyComponent.NETWORK;
import static dev.sidelight.correlator.LatencyComponent.REQUEST_TRANSFER;
import static dev.sidelight.correlator.LatencyComponent.RESPONSE_TRANSFER;
import static dev.sidelight.correlator.LatencyComponent.RETRY;
import static dev.sidelight.correlator.LatencyComponent.SOURCE_HOP;
import static dev.sidelight.correlator.LatencyComponent.SOURCE_SIDECAR;
import static dev.sidelight.correlator.LatencyComponent.SOURCE_SIDECAR_CONNECT;
import static dev.sidelight.correlator.TestCorrelator.BEGIN_NANOS;
import static dev.sidelight.correlator.TestCorrelator.micros;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What is no plain call: the right component has the time, or the reason says what is not told. */
class CallKindsTest {

  private final TestCorrelator correlator = new TestCorrelator();
  private final TestCall call = new TestCall(1, BEGIN_NANOS);

  @Test
  void hedgedAndTheSecondAttemptWon_isRetryTime() {
    call.attemptCount = 2;
    call.stepMicros[3] = 10_200;
    correlator.feed(call);
    // They overlap: the first was still waited for when the second was sent.
    correlator.feedAll(attempt(100_000, 12_000_000), attempt(10_100_000, 900_000));

    CorrelatedRequest told = only(correlator.ended());
    assertThat(told.coverage()).isEqualTo(Coverage.FULL);
    assertThat(micros(told, RETRY)).isEqualTo(10_200 - 103);
    assertThat(micros(told, SOURCE_SIDECAR)).isEqualTo(103 + 100);
  }

  @Test
  void hedgedAndTheFirstAttemptWon_isNoRetryTime() {
    call.attemptCount = 2;
    correlator.feed(call);
    correlator.feedAll(attempt(198_000, 900_000), attempt(400_000, 700_000));

    CorrelatedRequest told = only(correlator.ended());
    assertThat(told.coverage()).isEqualTo(Coverage.FULL);
    assertThat(micros(told, RETRY)).isZero();
    assertThat(micros(told, SOURCE_SIDECAR)).isEqualTo(300);
  }

  @Test
  void callerGaveUpAndTheServerWentOn_isTheCallersTimeAndNobodysNetwork() {
    call.responseCode = 504;
    call.responseFlags = "UT";
    correlator.feed(hop(call.sourceApp(), call.sourceProxy()));
    TestEnd link = new TestEnd(call.linkInitiator());
    forgetReceived(link);
    correlator.feed(link.build(), TestCall.SOURCE_POD);
    TestCall server = new TestCall(1, BEGIN_NANOS);
    server.stepMicros[9] = 50_000;
    correlator.feed(serverHop(server));
    correlator.feedAll(
        change(call.sourceEntry())
            .firstUpstreamRxNanos(AccessLogEntry.ABSENT)
            .lastUpstreamRxNanos(AccessLogEntry.ABSENT)
            .build(),
        change(call.destinationEntry())
            .responseCode(0)
            .responseFlags("DC")
            .firstUpstreamRxNanos(AccessLogEntry.ABSENT)
            .lastUpstreamRxNanos(AccessLogEntry.ABSENT)
            .firstDownstreamTxNanos(AccessLogEntry.ABSENT)
            .lastDownstreamTxNanos(AccessLogEntry.ABSENT)
            .build());

    CorrelatedRequest told = only(correlator.ended());
    assertThat(told.coverage()).isEqualTo(Coverage.ALS_ONLY);
    assertThat(told.reason()).isEqualTo(PartialReason.NO_SOURCE_UPSTREAM);
    assertThat(told.responseCode()).isEqualTo(504);
    assertThat(told.breakdown().totalNanos()).isEqualTo(call.point(19) - call.point(0));
    assertThat(micros(told, NETWORK)).isEqualTo(-1);
    assertThat(micros(told, APPLICATION)).isEqualTo(-1);
    assertThat(micros(told, SOURCE_HOP)).isEqualTo(40);
  }

  @Test
  void circuitBreakerOpen_isTheSourceSidecarsOwnAnswer() {
    call.responseCode = 503;
    call.responseFlags = "UO";
    correlator.feed(hop(call.sourceApp(), call.sourceProxy()));
    correlator.feed(withoutUpstream(call.sourceEntry()));

    CorrelatedRequest told = only(correlator.settled());
    assertThat(told.coverage()).isEqualTo(Coverage.ONE_SIDED);
    assertThat(told.reason()).isEqualTo(PartialReason.NO_UPSTREAM);
    assertThat(told.breakdown().totalNanos()).isEqualTo(call.point(19) - call.point(0));
    assertThat(micros(told, SOURCE_HOP)).isEqualTo(40);
    assertThat(micros(told, SOURCE_SIDECAR)).isEqualTo((call.point(17) - call.point(3)) / 1_000);
    assertThat(micros(told, LINK_UNSPLIT)).isEqualTo(-1);
    correlator.ended();
  }

  @Test
  void redirectByTheGateway_isItsOwnTime() {
    call.gateway = true;
    call.responseCode = 301;
    correlator.feed(call.sourceProxy(), TestCall.SOURCE_POD);
    correlator.feed(withoutUpstream(call.sourceEntry()));

    List<CorrelatedRequest> told = correlator.ended();
    assertThat(told).hasSize(2).allMatch(one -> one.coverage() == Coverage.ONE_SIDED);
    assertThat(told)
        .allMatch(one -> one.breakdown().totalNanos() == call.point(17) - call.point(2));
  }

  @Test
  void deniedByTheDestinationsSidecar_isFullAndHasNoApplication() {
    call.responseCode = 403;
    call.hops().subList(0, 3).forEach(correlator::feed);
    correlator.feedAll(call.sourceEntry(), withoutUpstream(call.destinationEntry()));

    CorrelatedRequest told = only(correlator.settled());
    assertThat(told.coverage()).isEqualTo(Coverage.FULL);
    assertThat(micros(told, NETWORK)).isEqualTo(60);
    assertThat(micros(told, APPLICATION)).isEqualTo(-1);
    assertThat(micros(told, DESTINATION_UNSPLIT)).isEqualTo(-1);
    assertThat(micros(told, DESTINATION_SIDECAR))
        .isEqualTo((call.point(14) - call.point(6)) / 1_000);
    assertThat(told.breakdown().totalNanos()).isEqualTo(call.point(19) - call.point(0));
    assertThat(told.breakdown().applicationSelfNanos()).isEqualTo(LatencyBreakdown.ABSENT);
    correlator.ended();
  }

  @Test
  void appClosedWithoutAnAnswer_networkIsKnownAndTheAppIsUnsplit() {
    call.responseCode = 503;
    call.responseFlags = "UC";
    call.hops().subList(0, 3).forEach(correlator::feed);
    TestEnd proxy = new TestEnd(call.destinationProxy());
    forgetReceived(proxy);
    correlator.feed(proxy.build(), TestCall.DESTINATION_POD);
    correlator.feedAll(
        call.sourceEntry(),
        change(call.destinationEntry())
            .firstUpstreamRxNanos(AccessLogEntry.ABSENT)
            .lastUpstreamRxNanos(AccessLogEntry.ABSENT)
            .build());

    CorrelatedRequest told = only(correlator.ended());
    assertThat(told.reason()).isEqualTo(PartialReason.NO_DESTINATION_UPSTREAM);
    assertThat(micros(told, NETWORK)).isEqualTo(60);
    assertThat(micros(told, DESTINATION_UNSPLIT)).isPositive();
    assertThat(micros(told, APPLICATION)).isEqualTo(-1);
    assertThat(told.breakdown().totalNanos()).isEqualTo(call.point(19) - call.point(0));
  }

  @Test
  void waitForAConnection_isConnectOnTheSideThatWaited() {
    call.stepMicros[3] = 20_200;
    call.stepMicros[6] = 5_150;
    call.hops().forEach(correlator::feed);
    correlator.feedAll(
        change(call.sourceEntry()).poolReadyNanos(20_000_000).build(),
        change(call.destinationEntry()).poolReadyNanos(5_000_000).build());

    CorrelatedRequest told = only(correlator.ended());
    assertThat(told.coverage()).isEqualTo(Coverage.FULL);
    assertThat(micros(told, SOURCE_SIDECAR_CONNECT)).isEqualTo(20_000);
    assertThat(micros(told, SOURCE_SIDECAR)).isEqualTo(300);
    assertThat(micros(told, DESTINATION_SIDECAR_CONNECT)).isEqualTo(5_000);
    assertThat(micros(told, DESTINATION_SIDECAR)).isEqualTo(300);
  }

  @Test
  void clientAborted_hasNoFiguresOfTheKernelThatItDoesNotHave() {
    call.responseCode = 0;
    call.responseFlags = "DC";
    TestEnd app = new TestEnd(call.sourceApp());
    forgetReceived(app);
    TestEnd proxy = new TestEnd(call.sourceProxy());
    proxy.firstSendNanos = 0;
    proxy.lastSendNanos = 0;
    correlator.feed(hop(app.build(), proxy.build()));
    correlator.feed(
        change(call.sourceEntry())
            .firstUpstreamRxNanos(AccessLogEntry.ABSENT)
            .lastUpstreamRxNanos(AccessLogEntry.ABSENT)
            .firstDownstreamTxNanos(AccessLogEntry.ABSENT)
            .lastDownstreamTxNanos(AccessLogEntry.ABSENT)
            .build());

    CorrelatedRequest told = only(correlator.ended());
    assertThat(told.coverage()).isEqualTo(Coverage.ONE_SIDED);
    assertThat(told.isError()).isTrue();
    assertThat(micros(told, SOURCE_HOP)).isEqualTo(-1);
    assertThat(told.breakdown().totalNanos()).isEqualTo(call.sourceEntry().durationNanos());
  }

  @Test
  void answeredBeforeTheRequestWasSent_isRefusedAndCounted() {
    TestEnd app = new TestEnd(call.sourceApp());
    app.lastSendNanos = call.point(18);
    TestEnd downstream = new TestEnd(call.sourceProxy());
    downstream.lastArrivalNanos = call.point(18) + 10_000;
    downstream.lastReadNanos = call.point(18) + 20_000;
    TestEnd upstream = new TestEnd(call.linkInitiator());
    upstream.lastSendNanos = call.point(18) + 30_000;
    correlator.feed(hop(app.build(), downstream.build()));
    correlator.feed(upstream.build(), TestCall.SOURCE_POD);
    TestEnd accepted = new TestEnd(call.linkAcceptor());
    accepted.lastArrivalNanos = call.point(18) + 60_000;
    accepted.lastReadNanos = call.point(18) + 90_000;
    correlator.feed(accepted.build(), TestCall.DESTINATION_POD);
    correlator.feed(serverHop(call));
    correlator.feedAll(call.sourceEntry(), call.destinationEntry());

    CorrelatedRequest told = only(correlator.ended());
    assertThat(told.coverage()).isEqualTo(Coverage.ALS_ONLY);
    assertThat(told.reason()).isEqualTo(PartialReason.EARLY_RESPONSE);
    assertThat(micros(told, NETWORK)).isEqualTo(-1);
  }

  @Test
  void slowUpload_isRequestTransfer() {
    call.stepMicros[0] = 1_500_000;
    correlator.feed(call);

    CorrelatedRequest told = only(correlator.ended());
    assertThat(micros(told, REQUEST_TRANSFER)).isEqualTo(1_500_000);
    assertThat(told.breakdown().nanos(Rollup.SIDECAR)).isEqualTo(740_000);
  }

  @Test
  void streamingBothWays_pointsAreClampedAndTheSumIsTheTotal() {
    call.http2 = true;
    TestEnd app = new TestEnd(call.destinationApp());
    app.firstSendNanos = app.lastReadNanos - 15_000; // answers while it reads
    call.hops().subList(0, 3).forEach(correlator::feed);
    correlator.feed(
        new HopRecord(
            TestCall.NODE, TestCall.DESTINATION_POD, call.destinationProxy(), app.build(), false));
    correlator.feedAll(call.sourceEntry(), call.destinationEntry());

    CorrelatedRequest told = only(correlator.ended());
    assertThat(told.coverage()).isEqualTo(Coverage.FULL);
    assertThat(told.flags()).contains(RequestFlag.CLAMPED);
    assertThat(micros(told, APPLICATION)).isZero();
    assertThat(micros(told, RESPONSE_TRANSFER)).isEqualTo(100);
    assertThat(told.breakdown().totalNanos()).isEqualTo(call.point(19) - call.point(0));
  }

  @Test
  void mirroredRequest_isACallOfItsOwnAndTheCallKeepsItsDestination() {
    correlator.feed(call);
    correlator.feed(
        change(call.destinationEntry())
            .downstreamRemote(new SocketAddress(TestCall.SOURCE_POD, 50_002))
            .build());

    List<CorrelatedRequest> told = correlator.ended();
    assertThat(told).hasSize(2);
    assertThat(told).filteredOn(one -> one.coverage() == Coverage.FULL).hasSize(1);
    assertThat(told)
        .filteredOn(one -> one.coverage() == Coverage.ONE_SIDED)
        .allMatch(one -> one.reason() == PartialReason.NO_SOURCE_ENTRY);
  }

  @Test
  void requestIdThatAClientRepeats_isNotWhatCallsAreJoinedBy() {
    for (int i = 1; i <= 20; i++) {
      TestCall repeated = new TestCall(i, BEGIN_NANOS + i * 2_000_000L);
      repeated.requestId = "my own";
      repeated.stepMicros[9] = 100L + i;
      correlator.feed(repeated);
    }

    assertThat(correlator.ended()).hasSize(20).allMatch(one -> one.coverage() == Coverage.FULL);
    assertThat(correlator.calls.stream().map(one -> micros(one, APPLICATION)).distinct())
        .hasSize(20);
  }

  @Test
  void requestIdThatAClientRepeatsWithoutAKernel_isPairedInOrder() {
    for (int i = 1; i <= 20; i++) {
      TestCall repeated = new TestCall(i, BEGIN_NANOS + i * 2_000_000L);
      repeated.requestId = "my own";
      repeated.stepMicros[9] = 100L + i;
      correlator.feedAll(repeated.sourceEntry(), repeated.destinationEntry());
    }

    assertThat(correlator.ended())
        .hasSize(20)
        .allMatch(one -> one.coverage() == Coverage.ALS_ONLY)
        .allMatch(
            one -> micros(one, LINK_UNSPLIT) == micros(correlator.calls.get(0), LINK_UNSPLIT));
  }

  @Test
  void upgradedToWebSocket_isTheHandshakesTimeAndNotTheConnections() {
    call.responseCode = 101;
    call.hops().forEach(correlator::feed);
    long hourNanos = 3_600 * TestCorrelator.SECOND_NANOS;
    correlator.feedAll(
        change(call.sourceEntry())
            .lastUpstreamTxNanos(hourNanos)
            .lastUpstreamRxNanos(AccessLogEntry.ABSENT)
            .lastDownstreamTxNanos(hourNanos)
            .durationNanos(hourNanos)
            .build(),
        change(call.destinationEntry())
            .lastUpstreamTxNanos(hourNanos)
            .lastUpstreamRxNanos(AccessLogEntry.ABSENT)
            .lastDownstreamTxNanos(hourNanos)
            .durationNanos(hourNanos)
            .build());

    CorrelatedRequest told = only(correlator.ended());
    assertThat(told.coverage()).isEqualTo(Coverage.FULL);
    assertThat(told.breakdown().totalNanos()).isEqualTo(call.point(19) - call.point(0));
  }

  @Test
  void upgradedToWebSocketWithoutAKernel_isTheHandshakesTimeToo() {
    call.responseCode = 101;
    long hourNanos = 3_600 * TestCorrelator.SECOND_NANOS;
    correlator.feed(
        change(call.sourceEntry())
            .lastUpstreamTxNanos(hourNanos)
            .lastUpstreamRxNanos(AccessLogEntry.ABSENT)
            .lastDownstreamTxNanos(hourNanos)
            .durationNanos(hourNanos)
            .build());

    assertThat(only(correlator.ended()).breakdown().totalNanos())
        .isEqualTo(call.sourceEntry().firstDownstreamTxNanos());
  }

  @Test
  void kernelAtTheSourceOnly_itsFiguresAreTheKernels() {
    call.hops().subList(0, 2).forEach(correlator::feed);
    correlator.feedAll(call.sourceEntry(), call.destinationEntry());

    CorrelatedRequest told = only(correlator.ended());
    assertThat(told.coverage()).isEqualTo(Coverage.ALS_ONLY);
    assertThat(told.reason()).isEqualTo(PartialReason.NO_CLOCK);
    assertThat(told.breakdown().totalNanos()).isEqualTo(call.point(19) - call.point(0));
    assertThat(micros(told, SOURCE_HOP)).isEqualTo(40);
    assertThat(micros(told, SOURCE_SIDECAR)).isEqualTo(300);
    assertThat(micros(told, DESTINATION_UNSPLIT)).isPositive();
    assertThat(micros(told, LINK_UNSPLIT)).isPositive();
    assertThat(micros(told, NETWORK)).isEqualTo(-1);
    assertThat(micros(told, APPLICATION)).isEqualTo(-1);
  }

  @Test
  void kernelAtTheDestinationOnly_itsFiguresAreTheKernels() {
    call.hops().subList(2, 4).forEach(correlator::feed);
    correlator.feedAll(call.sourceEntry(), call.destinationEntry());

    CorrelatedRequest told = only(correlator.ended());
    assertThat(told.coverage()).isEqualTo(Coverage.ALS_ONLY);
    assertThat(micros(told, APPLICATION)).isEqualTo(100);
    assertThat(micros(told, APPLICATION_QUEUE)).isEqualTo(20);
    assertThat(micros(told, SOURCE_HOP)).isEqualTo(-1);
    assertThat(micros(told, NETWORK)).isEqualTo(-1);
    assertThat(micros(told, LINK_UNSPLIT)).isPositive();
    assertThat(told.breakdown().totalNanos()).isEqualTo(call.sourceEntry().lastDownstreamTxNanos());
  }

  @Test
  void externalService_hasTheCallersSideAndTheRestUnsplit() {
    call.hops().subList(0, 2).forEach(correlator::feed);
    correlator.feed(call.sourceEntry());

    CorrelatedRequest told = only(correlator.ended());
    assertThat(told.coverage()).isEqualTo(Coverage.ONE_SIDED);
    assertThat(told.reason()).isEqualTo(PartialReason.NO_DESTINATION_ENTRY);
    assertThat(micros(told, SOURCE_HOP)).isEqualTo(40);
    assertThat(micros(told, LINK_UNSPLIT)).isEqualTo((call.point(15) - call.point(4)) / 1_000);
    assertThat(told.breakdown().totalNanos()).isEqualTo(call.point(19) - call.point(0));
  }

  @Test
  void clockSetBackBetweenTheRequestAndItsEntry_nothingIsAttributedByIt() {
    for (int i = 100; i < 105; i++) {
      correlator.clock(
          new ClockSample(
              BEGIN_NANOS + i * 100_000_000L, TestCall.EPOCH_OFFSET_NANOS - 1_000_000_000L, 100));
    }
    correlator.feed(call);

    CorrelatedRequest told = only(correlator.ended());
    assertThat(told.coverage()).isEqualTo(Coverage.ALS_ONLY);
    assertThat(told.reason()).isEqualTo(PartialReason.NO_CLOCK);
    assertThat(told.sourceHop()).isNull();
  }

  @Test
  void componentsAboveASecond_areRight() {
    call.stepMicros[9] = 3_700_000;
    call.stepMicros[4] = 1_300_000;
    correlator.feed(call);

    CorrelatedRequest told = only(correlator.ended());
    assertThat(told.coverage()).isEqualTo(Coverage.FULL);
    assertThat(micros(told, APPLICATION)).isEqualTo(3_700_000);
    assertThat(micros(told, NETWORK)).isEqualTo(1_300_030);
  }

  private static HopRecord hop(ExchangeEnd app, ExchangeEnd proxy) {
    return new HopRecord(TestCall.NODE, TestCall.SOURCE_POD, app, proxy, false);
  }

  private static HopRecord serverHop(TestCall call) {
    return new HopRecord(
        TestCall.NODE,
        TestCall.DESTINATION_POD,
        call.destinationProxy(),
        call.destinationApp(),
        false);
  }

  private static void forgetReceived(TestEnd end) {
    end.firstArrivalNanos = 0;
    end.lastArrivalNanos = 0;
    end.firstReadNanos = 0;
    end.lastReadNanos = 0;
    end.receiveEnd = end.receiveStart;
  }

  /** Envoy's own answer. */
  private static AccessLogEntry withoutUpstream(AccessLogEntry entry) {
    return change(entry)
        .upstreamLocal(null)
        .upstreamRemote(null)
        .attemptCount(0)
        .firstUpstreamTxNanos(AccessLogEntry.ABSENT)
        .lastUpstreamTxNanos(AccessLogEntry.ABSENT)
        .firstUpstreamRxNanos(AccessLogEntry.ABSENT)
        .lastUpstreamRxNanos(AccessLogEntry.ABSENT)
        .build();
  }

  private AccessLogEntry attempt(long afterStartNanos, long durationNanos) {
    AccessLogEntry stream = call.sourceEntry();
    return AccessLogEntry.builder()
        .kind(AccessLogEntry.Kind.UPSTREAM_END)
        .proxy(stream.proxy())
        .direction(stream.direction())
        .startEpochNanos(stream.startEpochNanos() + afterStartNanos)
        .durationNanos(durationNanos)
        .downstreamRemote(stream.downstreamRemote())
        .requestId(stream.requestId())
        .build();
  }

  private static AccessLogEntryBuilder change(AccessLogEntry entry) {
    return AccessLogEntry.builder()
        .proxy(entry.proxy())
        .direction(entry.direction())
        .startEpochNanos(entry.startEpochNanos())
        .lastDownstreamRxNanos(entry.lastDownstreamRxNanos())
        .firstUpstreamTxNanos(entry.firstUpstreamTxNanos())
        .lastUpstreamTxNanos(entry.lastUpstreamTxNanos())
        .firstUpstreamRxNanos(entry.firstUpstreamRxNanos())
        .lastUpstreamRxNanos(entry.lastUpstreamRxNanos())
        .firstDownstreamTxNanos(entry.firstDownstreamTxNanos())
        .lastDownstreamTxNanos(entry.lastDownstreamTxNanos())
        .durationNanos(entry.durationNanos())
        .downstreamRemote(entry.downstreamRemote())
        .upstreamLocal(entry.upstreamLocal())
        .upstreamRemote(entry.upstreamRemote())
        .upstreamCluster(entry.upstreamCluster())
        .method(entry.method())
        .path(entry.path())
        .requestId(entry.requestId())
        .streamId(entry.requestId())
        .attemptCount(entry.attemptCount())
        .responseCode(entry.responseCode())
        .responseFlags(entry.responseFlags())
        .downstreamHttp2(entry.downstreamHttp2())
        .upstreamHttp2(entry.upstreamHttp2());
  }

  private static CorrelatedRequest only(List<CorrelatedRequest> calls) {
    assertThat(calls).hasSize(1);
    return calls.get(0);
  }
}
