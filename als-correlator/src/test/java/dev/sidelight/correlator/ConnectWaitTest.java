/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.correlator;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ConnectWaitTest {

  private final TestCall call = new TestCall(1, 5_000_000_000L);

  @Test
  void connectionOlderThanTheRequest_onlyThePoolsWaitCounts() {
    assertThat(ConnectWait.isOpenedFor(leg(3_000_000))).isFalse();
    assertThat(ConnectWait.nanos(leg(3_000_000))).isEqualTo(3_000_000);
    assertThat(ConnectWait.nanos(leg(0))).isZero();
  }

  /** Logs without Sidelight's tags, as Istio's own API has them written. */
  @Test
  void poolsWaitThatIsNotLogged_isNotToldAsNone() {
    assertThat(ConnectWait.nanos(leg(AccessLogEntry.ABSENT))).isEqualTo(LatencyBreakdown.ABSENT);
    call.connectMicros = 80;
    assertThat(ConnectWait.nanos(leg(AccessLogEntry.ABSENT))).isEqualTo(LatencyBreakdown.ABSENT);
  }

  @Test
  void connectionOpenedForTheRequest_isTheKernelsConnectAndTheHandshake() {
    call.connectMicros = 80;

    assertThat(ConnectWait.isOpenedFor(leg(0))).isTrue();
    assertThat(ConnectWait.nanos(leg(0))).isEqualTo(80_000 + 40_000);
  }

  private Leg leg(long poolReadyNanos) {
    AccessLogEntry entry = call.sourceEntry();
    Leg leg =
        new Leg(
            AccessLogEntry.builder()
                .proxy(entry.proxy())
                .direction(entry.direction())
                .downstreamRemote(entry.downstreamRemote())
                .poolReadyNanos(poolReadyNanos)
                .handshakeNanos(40_000)
                .build(),
            0);
    leg.downstream = new Exchange(call.hops().get(0), 0);
    leg.upstream = new Exchange(call.hops().get(1), 0);
    return leg;
  }
}
