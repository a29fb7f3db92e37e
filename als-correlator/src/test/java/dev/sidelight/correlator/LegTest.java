/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.correlator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class LegTest {

  private final TestCall call = new TestCall(1, 5_000_000_000L);
  private final Exchange hop = exchange(call.sourceApp(), call.sourceProxy());
  private final Exchange link = exchange(call.linkInitiator(), null);
  private final Exchange app = exchange(call.sourceApp(), null);

  @Test
  void claim_isOnEachExchangeThatWasFoundUntilItsRelease() {
    Leg leg = source(PartialReason.NO_SOURCE_APP);
    leg.claim();
    assertThat(List.of(hop, link, app)).allMatch(Exchange::isClaimed);

    leg.release();

    assertThat(List.of(hop, link, app)).noneMatch(Exchange::isClaimed);
  }

  @Test
  void claimsOfTwoLegs_standUntilBothHaveReleased() {
    Leg one = source(PartialReason.NONE);
    Leg other = source(PartialReason.NONE);
    one.claim();
    other.claim();

    one.release();
    assertThat(List.of(hop, link, app)).allMatch(Exchange::isClaimed);

    other.release();
    assertThat(List.of(hop, link, app)).noneMatch(Exchange::isClaimed);
  }

  @Test
  void claimOfWhatWasNotFound_isNone() {
    Leg leg = new Leg(call.sourceEntry(), 0);
    leg.reason = PartialReason.NONE;
    leg.claim();
    leg.release();

    assertThat(leg.downstreamEnd()).isNull();
    assertThat(leg.upstreamEnd()).isNull();
  }

  @Test
  void resolvedSource_isFoundByItsLink() {
    source(PartialReason.NO_SOURCE_APP).claim();
    assertThat(link.sourceLeg).isNull();

    Leg leg = source(PartialReason.NONE);
    leg.claim();

    assertThat(link.sourceLeg).isSameAs(leg);
    assertThat(hop.destinationLeg).isNull();
  }

  @Test
  void resolvedDestination_isFoundByItsDownstreamExchange() {
    destination(PartialReason.NO_DESTINATION_APP).claim();
    assertThat(hop.destinationLeg).isNull();

    Leg leg = destination(PartialReason.NONE);
    leg.claim();

    assertThat(hop.destinationLeg).isSameAs(leg);
    assertThat(link.sourceLeg).isNull();
  }

  @Test
  void release_forgetsWhatWasFoundAndByWhomItIsFound() {
    Leg leg = source(PartialReason.NONE);
    leg.startNanos = 1;
    leg.orderViolated = true;
    leg.linkByLog = true;
    leg.linkArrivalNanos = 2;
    leg.linkReadNanos = 3;
    leg.claim();

    leg.release();

    assertThat(link.sourceLeg).isNull();
    assertThat(leg.downstream).isNull();
    assertThat(leg.upstream).isNull();
    assertThat(leg.app).isNull();
    assertThat(leg.appExchange).isNull();
    assertThat(leg.orderViolated).isFalse();
    assertThat(leg.linkByLog).isFalse();
    assertThat(leg.startNanos + leg.linkArrivalNanos + leg.linkReadNanos).isZero();
  }

  @Test
  void releaseOfADestination_isNoLongerFound() {
    Leg leg = destination(PartialReason.NONE);
    leg.claim();
    leg.release();

    assertThat(hop.destinationLeg).isNull();
  }

  @Test
  void release_leavesWhatAnotherLegHasFound() {
    Leg before = source(PartialReason.NONE);
    Leg after = source(PartialReason.NONE);
    before.claim();
    after.claim();
    before.release();
    assertThat(link.sourceLeg).isSameAs(after);

    Leg destinationBefore = destination(PartialReason.NONE);
    Leg destinationAfter = destination(PartialReason.NONE);
    destinationBefore.claim();
    destinationAfter.claim();
    destinationBefore.release();
    assertThat(hop.destinationLeg).isSameAs(destinationAfter);
  }

  @Test
  void distrustedLink_isReleasedAndStoodInForByTheLog() {
    Leg leg = source(PartialReason.NONE);
    leg.claim();

    leg.distrustLink();

    assertThat(leg.upstream).isNull();
    assertThat(leg.linkByLog).isTrue();
    assertThat(link.isClaimed()).isFalse();
    assertThat(link.sourceLeg).isNull();
    assertThat(hop.isClaimed()).isTrue();
    leg.distrustLink();
    assertThat(leg.linkByLog).isTrue();
  }

  @Test
  void distrustedLink_leavesWhatAnotherLegHasFound() {
    Leg before = source(PartialReason.NONE);
    Leg after = source(PartialReason.NONE);
    before.claim();
    after.claim();

    before.distrustLink();

    assertThat(link.sourceLeg).isSameAs(after);
  }

  @Test
  void refusedHop_isTheOneToTheApp() {
    Leg source = source(PartialReason.NONE);
    source.refuseHop();
    assertThat(source.downstream).isNull();
    assertThat(source.upstream).isSameAs(link);
    assertThat(source.app).isNull();
    assertThat(source.appExchange).isNull();

    Leg destination = destination(PartialReason.NONE);
    destination.refuseHop();
    assertThat(destination.downstream).isSameAs(hop);
    assertThat(destination.upstream).isNull();
  }

  @Test
  void legThatBeginsAnew_knowsNothingOfTheOneBefore() {
    Leg leg = source(PartialReason.NONE);
    leg.refusedByLog = true;
    leg.attempts = List.of(call.sourceEntry());
    leg.clear();
    assertThat(leg.entry).isNull();
    assertThat(leg.attempts).isEmpty();
    leg.attempts = List.of(call.sourceEntry());

    leg.reset(call.destinationEntry(), 7);

    assertThat(leg.entry).isEqualTo(call.destinationEntry());
    assertThat(leg.receivedNanos).isEqualTo(7);
    assertThat(leg.reason).isEqualTo(PartialReason.NO_CLOCK);
    assertThat(leg.isResolved()).isFalse();
    assertThat(leg.refusedByLog).isFalse();
    assertThat(leg.attempts).isEmpty();
    assertThat(leg.downstream).isNull();
  }

  @Test
  void legWithASupersededExchange_isStale() {
    assertThat(source(PartialReason.NONE).isStale()).isFalse();
    assertThat(new Leg(call.sourceEntry(), 0).isStale()).isFalse();
    for (int i = 0; i < 3; i++) {
      Leg leg = new Leg(call.sourceEntry(), 0);
      leg.downstream = i == 0 ? superseded() : hop;
      leg.upstream = i == 1 ? superseded() : link;
      leg.appExchange = i == 2 ? superseded() : app;
      assertThat(leg.isStale()).isTrue();
    }
  }

  @Test
  void legWhoseExchangeLeftWithAnotherCall_isStale() {
    Leg leg = source(PartialReason.NONE);
    hop.take(CorrelatorMetrics.RecordOutcome.EXPIRED);
    assertThat(leg.isStale()).isFalse();
    hop.take(CorrelatorMetrics.RecordOutcome.PARTIAL);
    assertThat(leg.isStale()).isTrue();
    hop.take(CorrelatorMetrics.RecordOutcome.CORRELATED);
    assertThat(leg.isStale()).isTrue();
  }

  @Test
  void ambiguousLegWhoseExchangesHaveLeft_staysAmbiguous() {
    for (PartialReason before :
        List.of(PartialReason.AMBIGUOUS_EXCHANGE, PartialReason.AMBIGUOUS_STREAM)) {
      Leg missing = source(PartialReason.NO_SOURCE_DOWNSTREAM);
      missing.keepAmbiguity(before);
      assertThat(missing.reason).isEqualTo(before);
      Leg found = source(PartialReason.NONE);
      found.keepAmbiguity(before);
      assertThat(found.reason).isEqualTo(PartialReason.NONE);
    }
    Leg other = source(PartialReason.NO_SOURCE_DOWNSTREAM);
    other.keepAmbiguity(PartialReason.NO_CLOCK);
    assertThat(other.reason).isEqualTo(PartialReason.NO_SOURCE_DOWNSTREAM);
  }

  @Test
  void exchangeThatBeginsAnew_isNotSupersededAndNobodys() {
    Exchange exchange = superseded();
    exchange.take(CorrelatorMetrics.RecordOutcome.PARTIAL);
    exchange.sourceLeg = source(PartialReason.NONE);
    exchange.destinationLeg = destination(PartialReason.NONE);
    exchange.clear();
    assertThat(exchange.initiator()).isNull();
    assertThat(exchange.acceptor()).isNull();

    exchange.reset(new HopRecord("n", TestCall.SOURCE_POD, null, call.linkAcceptor(), false), 9);

    assertThat(exchange.isSuperseded()).isFalse();
    assertThat(exchange.isTaken()).isFalse();
    assertThat(exchange.sourceLeg).isNull();
    assertThat(exchange.destinationLeg).isNull();
    assertThat(exchange.acceptor()).isEqualTo(call.linkAcceptor());
    assertThat(exchange.receivedNanos()).isEqualTo(9);
  }

  @Test
  void legThatSentNothingUpstream_isDirect() {
    assertThat(new Leg(call.sourceEntry(), 0).isDirect()).isFalse();
    assertThat(direct(entry().upstreamLocal(null))).isTrue();
    assertThat(direct(entry().upstreamRemote(null))).isTrue();
    assertThat(direct(entry().firstUpstreamTxNanos(AccessLogEntry.ABSENT))).isTrue();
    assertThat(direct(entry())).isFalse();
  }

  private static boolean direct(AccessLogEntryBuilder entry) {
    return new Leg(entry.build(), 0).isDirect();
  }

  private static AccessLogEntryBuilder entry() {
    return AccessLogEntry.builder()
        .proxy(new Proxy("sidecar~a~b~c", ProxyType.SIDECAR, TestCall.SOURCE_POD, Workload.UNKNOWN))
        .direction(TrafficDirection.OUTBOUND)
        .downstreamRemote(TestCall.APP)
        .upstreamLocal(TestCall.LINK_LOCAL)
        .upstreamRemote(TestCall.LINK_REMOTE)
        .firstUpstreamTxNanos(0);
  }

  private Leg source(PartialReason reason) {
    return leg(call.sourceEntry(), reason);
  }

  private Leg destination(PartialReason reason) {
    return leg(call.destinationEntry(), reason);
  }

  private Leg leg(AccessLogEntry entry, PartialReason reason) {
    Leg leg = new Leg(entry, 0);
    leg.downstream = hop;
    leg.upstream = link;
    leg.app = call.sourceApp();
    leg.appExchange = app;
    leg.reason = reason;
    return leg;
  }

  private Exchange superseded() {
    Exchange exchange = exchange(call.sourceApp(), call.sourceProxy());
    exchange.supersede();
    return exchange;
  }

  private static Exchange exchange(ExchangeEnd initiator, ExchangeEnd acceptor) {
    return new Exchange(new HopRecord("n", TestCall.SOURCE_POD, initiator, acceptor, false), 0);
  }
}
