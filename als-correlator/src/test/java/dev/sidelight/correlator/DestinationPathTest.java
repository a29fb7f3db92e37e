/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.correlator;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DestinationPathTest {

  private final TestCall call = new TestCall(1, 5_000_000_000L);

  @Test
  void points_areTheRequestsAndTheResponsesLast() {
    DestinationPath path = path();

    assertThat(path.isClamped()).isFalse();
    assertThat(path.startNanos()).isEqualTo(call.point(5));
    assertThat(path.durationNanos()).isEqualTo(call.point(14) - call.point(5));
    assertThat(path.requestNanos()).isEqualTo(150_000);
    assertThat(path.applicationStartNanos()).isEqualTo(call.point(9));
    assertThat(path.applicationEndNanos()).isEqualTo(call.point(10));
  }

  @Test
  void pointNotSeen_isIncomplete() {
    TestEnd upstream = new TestEnd(call.destinationProxy());
    upstream.lastReadNanos = 0;

    assertThat(new DestinationPath().take(leg(upstream.build()))).isFalse();
  }

  @Test
  void responseSentBeforeTheRequestsEnd_isClamped() {
    call.stepMicros[9] = -30;

    assertThat(path().isClamped()).isTrue();
    assertThat(path().applicationEndNanos()).isEqualTo(call.point(9));
  }

  private DestinationPath path() {
    DestinationPath path = new DestinationPath();
    assertThat(path.take(leg(call.destinationProxy()))).isTrue();
    return path;
  }

  private Leg leg(ExchangeEnd upstream) {
    Leg leg = new Leg(call.destinationEntry(), 0);
    leg.downstream = exchange(null, call.linkAcceptor());
    leg.upstream = exchange(upstream, null);
    leg.app = call.destinationApp();
    return leg;
  }

  private static Exchange exchange(ExchangeEnd initiator, ExchangeEnd acceptor) {
    return new Exchange(
        new HopRecord("node", TestCall.DESTINATION_POD, initiator, acceptor, false), 0);
  }
}
