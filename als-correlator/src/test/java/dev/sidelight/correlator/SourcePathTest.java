/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.correlator;

import static dev.sidelight.correlator.LatencyComponent.REQUEST_TRANSFER;
import static dev.sidelight.correlator.LatencyComponent.SOURCE_APPLICATION_READ;
import static dev.sidelight.correlator.LatencyComponent.SOURCE_HOP;
import static dev.sidelight.correlator.LatencyComponent.SOURCE_SIDECAR;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SourcePathTest {

  private final TestCall call = new TestCall(1, 5_000_000_000L);

  @Test
  void sidecars_goesFromItsAppsFirstSendToItsAppsLastRead() {
    call.stepMicros[0] = 7;
    SourcePath path = sidecar(call.sourceApp());

    assertThat(path.isClamped()).isFalse();
    assertThat(path.startNanos()).isEqualTo(call.point(0));
    assertThat(path.upstreamSendNanos()).isEqualTo(call.point(4));
    assertThat(path.upstreamNanos()).isEqualTo(call.point(15) - call.point(4));
    assertThat(path.requestNanos()).isEqualTo(200_000);
    assertThat(breakdown(path).nanos(REQUEST_TRANSFER)).isEqualTo(7_000);
    assertThat(breakdown(path).nanos(SOURCE_APPLICATION_READ)).isEqualTo(20_000);
    assertThat(breakdown(path).totalNanos())
        .isEqualTo(call.point(19) - call.point(0) - path.upstreamNanos());
  }

  @Test
  void gateways_endsWithItsSendOfTheResponseAndHasNoCallersComponents() {
    SourcePath path = gateway(call.sourceProxy());

    assertThat(path.startNanos()).isEqualTo(call.point(2));
    assertThat(breakdown(path).nanos(REQUEST_TRANSFER)).isEqualTo(LatencyBreakdown.ABSENT);
    assertThat(breakdown(path).nanos(SOURCE_HOP)).isEqualTo(LatencyBreakdown.ABSENT);
    assertThat(breakdown(path).nanos(SOURCE_SIDECAR)).isEqualTo(300_000);
    assertThat(breakdown(path).totalNanos())
        .isEqualTo(call.point(17) - call.point(2) - path.upstreamNanos());
  }

  @Test
  void uploadInSeveralPacketsToAGateway_isItsCallersTransfer() {
    TestEnd downstream = new TestEnd(call.sourceProxy());
    downstream.firstArrivalNanos -= 3_000_000;

    SourcePath path = gateway(downstream.build());

    assertThat(path.startNanos()).isEqualTo(call.point(2) - 3_000_000);
    assertThat(breakdown(path).nanos(REQUEST_TRANSFER)).isEqualTo(3_000_000);
    assertThat(breakdown(path).nanos(SOURCE_SIDECAR)).isEqualTo(300_000);
  }

  @Test
  void pointNotSeenOnEitherWay_isIncomplete() {
    TestEnd withoutSend = new TestEnd(call.sourceApp());
    withoutSend.firstSendNanos = 0;
    TestEnd withoutRead = new TestEnd(call.sourceApp());
    withoutRead.lastReadNanos = 0;

    assertThat(new SourcePath().take(leg(withoutSend.build(), call.sourceProxy()))).isFalse();
    assertThat(new SourcePath().take(leg(withoutRead.build(), call.sourceProxy()))).isFalse();
  }

  @Test
  void pointBeforeItsPredecessorOnEitherWay_isClamped() {
    TestEnd lateSend = new TestEnd(call.sourceApp());
    lateSend.lastSendNanos = call.point(2) + 1;
    TestEnd earlyRead = new TestEnd(call.sourceApp());
    earlyRead.lastReadNanos = call.point(18) - 1;

    assertThat(sidecar(lateSend.build()).isClamped()).isTrue();
    assertThat(sidecar(earlyRead.build()).isClamped()).isTrue();
    assertThat(breakdown(sidecar(earlyRead.build())).nanos(SOURCE_APPLICATION_READ)).isZero();
  }

  @Test
  void responseThatDidNotFitIntoTheSocketOfAnAppThatDidNotRead_isItsReadAndNotTheHop() {
    TestEnd lateReader = new TestEnd(call.sourceApp());
    lateReader.firstArrivalNanos = call.point(17) + 10_000;
    lateReader.firstReadNanos = call.point(17) + 20_000_000;
    lateReader.lastArrivalNanos = call.point(17) + 21_000_000;
    lateReader.lastReadNanos = call.point(17) + 21_500_000;

    LatencyBreakdown breakdown = breakdown(sidecar(lateReader.build()));

    long there = call.point(2) - call.point(1);
    assertThat(breakdown.nanos(SOURCE_HOP)).isEqualTo(there + 10_000 + 1_000_000);
    assertThat(breakdown.nanos(SOURCE_APPLICATION_READ)).isEqualTo(19_990_000 + 500_000);
  }

  @Test
  void responseThatWasReadWhileItCame_isTheHops() {
    TestEnd reader = new TestEnd(call.sourceApp());
    reader.firstArrivalNanos = call.point(17) - 3_000_000;
    reader.firstReadNanos = call.point(17) - 2_000_000;
    reader.lastArrivalNanos = call.point(17) + 1_000_000;
    reader.lastReadNanos = call.point(17) + 1_500_000;

    LatencyBreakdown breakdown = breakdown(sidecar(reader.build()));

    long there = call.point(2) - call.point(1);
    assertThat(breakdown.nanos(SOURCE_HOP)).isEqualTo(there + 1_000_000);
    assertThat(breakdown.nanos(SOURCE_APPLICATION_READ)).isEqualTo(500_000);
  }

  @Test
  void pathUsedAgain_holdsNothingBackThatAnotherCallsAppDid() {
    TestEnd lateReader = new TestEnd(call.sourceApp());
    lateReader.firstArrivalNanos = call.point(17);
    SourcePath path = sidecar(lateReader.build());
    assertThat(breakdown(path).nanos(SOURCE_APPLICATION_READ)).isEqualTo(40_000);

    Leg withoutHop = leg(null, call.sourceProxy());
    assertThat(path.take(withoutHop)).isTrue();
    assertThat(path.heldOnLinkNanos()).isZero();
    assertThat(breakdown(path).nanos(SOURCE_SIDECAR)).isEqualTo(300_000);
    assertThat(breakdown(path).nanos(SOURCE_APPLICATION_READ)).isEqualTo(LatencyBreakdown.ABSENT);
  }

  private SourcePath sidecar(ExchangeEnd app) {
    return path(leg(app, call.sourceProxy()));
  }

  private SourcePath gateway(ExchangeEnd downstream) {
    call.gateway = true;
    return path(leg(null, downstream));
  }

  private static SourcePath path(Leg leg) {
    SourcePath path = new SourcePath();
    assertThat(path.take(leg)).isTrue();
    return path;
  }

  private Leg leg(ExchangeEnd app, ExchangeEnd downstream) {
    Leg leg = new Leg(call.sourceEntry(), 0);
    leg.downstream = exchange(null, downstream);
    leg.upstream = exchange(call.linkInitiator(), null);
    leg.app = app;
    return leg;
  }

  private static Exchange exchange(ExchangeEnd initiator, ExchangeEnd acceptor) {
    return new Exchange(new HopRecord("node", TestCall.SOURCE_POD, initiator, acceptor, false), 0);
  }

  private static LatencyBreakdown breakdown(SourcePath path) {
    ComponentSums sums = new ComponentSums();
    path.addTo(sums);
    return sums.toBreakdown(LatencyBreakdown.ABSENT);
  }
}
