/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.correlator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.sidelight.correlator.CorrelatorMetrics.RecordType;
import org.junit.jupiter.api.Test;

class ExchangeWindowTest {

  private static final long SECOND_NANOS = 1_000_000_000L;

  private final RecordingMetrics metrics = new RecordingMetrics();
  private final ExchangeWindow window =
      new ExchangeWindow(new CorrelatorSettings(SECOND_NANOS, 10, 6), metrics);
  private final TestCall call = new TestCall(1, 5 * SECOND_NANOS);

  @Test
  void otherEnd_isFoundByTheEndsOfRequestAndResponse() {
    call.hops().forEach(hop -> window.add(hop, 0));

    assertThat(window.otherEnd(call.linkInitiator()).acceptor()).isEqualTo(call.linkAcceptor());
    assertThat(window.otherEnd(new TestCall(2, 5 * SECOND_NANOS).linkInitiator())).isNull();
  }

  @Test
  void positionsOfTwoConnections_areAmbiguousAndNobodysEnd() {
    window.add(call.hops().get(2), 0);
    ExchangeEnd twin = call.linkAcceptor();
    window.add(new HopRecord("node-b", "10.77.0.99", null, twin, false), 0);

    assertThat(window.otherEnd(call.linkInitiator())).isNull();
  }

  @Test
  void moreThanTheBound_theOldestIsPushedOutAndNoLongerFound() {
    for (int i = 1; i <= 4; i++) {
      window.add(new TestCall(i, 5 * SECOND_NANOS).hops().get(0), 0);
    }
    window.expire(0);

    assertThat(metrics.byOutcome).containsEntry("END DROPPED capacity", 2);
    assertThat(metrics.pending).containsEntry(RecordType.END, 6);
    assertThat(window.otherEnd(new TestCall(1, 5 * SECOND_NANOS).sourceApp())).isNull();
  }

  @Test
  void windowPassed_expiresOnceAndIsForgotten() {
    window.add(call.hops().get(0), 0);
    window.expire(SECOND_NANOS - 1);
    assertThat(metrics.byOutcome).isEmpty();

    window.expire(SECOND_NANOS);
    window.expire(2 * SECOND_NANOS);

    assertThat(metrics.byOutcome).containsExactly(entry("END EXPIRED no_entry", 2));
    assertThat(window.outboundHops(TestCall.SOURCE_POD, call.requestId)).isEmpty();
  }

  @Test
  void supersededAfterItWasTaken_isDroppedAsLate() {
    window.add(call.hops().get(1), 0);
    window.take(
        window.otherEnd(call.linkAcceptor()), CorrelatorMetrics.RecordOutcome.CORRELATED, "");
    window.add(call.hops().get(1), 0);

    assertThat(metrics.byOutcome)
        .containsEntry("END CORRELATED ", 1)
        .containsEntry("END DROPPED late_supersede", 1);
  }

  @Test
  void outboundHop_isKnownByItsRedirection() {
    call.hops().forEach(hop -> window.add(hop, 0));

    assertThat(window.outboundHops(TestCall.SOURCE_POD, call.requestId)).hasSize(1);
    assertThat(window.outboundHops(TestCall.DESTINATION_POD, call.requestId)).isEmpty();
  }

  @Test
  void recordOfOneEnd_doesNotReplaceThatOfBoth() {
    HopRecord both = call.hops().get(0);
    window.add(both, 0);
    window.add(JoinHarness.onlyInitiator(both), 0);
    window.expire(0);

    assertThat(metrics.byOutcome).containsExactly(entry("END DROPPED late_supersede", 1));
    assertThat(metrics.pending).containsEntry(RecordType.END, 2);
  }

  @Test
  void recordOfBothEnds_replacesEachOfThem() {
    HopRecord both = call.hops().get(0);
    window.add(JoinHarness.onlyInitiator(both), 0);
    window.add(JoinHarness.onlyAcceptor(both), 0);
    window.add(both, 0);
    window.expire(0);

    assertThat(metrics.byOutcome).containsExactly(entry("END DROPPED superseded", 2));
    assertThat(metrics.pending).containsEntry(RecordType.END, 2);
    assertThat(window.otherEnd(call.sourceProxy()).initiator()).isEqualTo(call.sourceApp());
  }

  @Test
  void sameSocketNumberOnAnotherNode_isAnotherSocket() {
    HopRecord hop = call.hops().get(0);
    window.add(hop, 0);
    window.add(new HopRecord("node-b", "10.77.0.99", hop.initiator(), hop.acceptor(), false), 0);
    window.expire(0);

    assertThat(metrics.byOutcome).isEmpty();
    assertThat(metrics.pending).containsEntry(RecordType.END, 4);
  }

  @Test
  void ofAnotherRequestId_isNoOutboundCall() {
    window.add(call.hops().get(0), 0);

    assertThat(window.outboundHops(TestCall.SOURCE_POD, call.requestId)).hasSize(1);
    assertThat(window.outboundHops(TestCall.SOURCE_POD, "another")).isEmpty();
  }
}
