/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.correlator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** When a connection counts as opened for the request, to the nanosecond. */
class ConnectWaitEdgesTest {

  private final TestCall call = new TestCall(1, 5_000_000_000L);

  @Test
  void connectBetweenTheRequestsReadAndItsSend_isForIt() {
    assertThat(ConnectWait.isOpenedFor(connected(call.point(3)))).isTrue();
    assertThat(ConnectWait.isOpenedFor(connected(call.point(3) - 1))).isFalse();
    assertThat(ConnectWait.isOpenedFor(connected(call.point(4)))).isTrue();
    assertThat(ConnectWait.isOpenedFor(connected(call.point(4) + 1))).isFalse();
    assertThat(ConnectWait.isOpenedFor(connected(0))).isFalse();
  }

  @Test
  void neverEstablished_onlyThePoolsWaitCounts() {
    Leg leg =
        leg(
            end -> {
              end.connectNanos = call.point(3) + 10;
              end.establishedNanos = 0;
            });

    assertThat(ConnectWait.nanos(leg)).isEqualTo(7_000);
  }

  @Test
  void poolsWaitAboveTheKernelsConnect_isTheWait() {
    Leg leg =
        leg(
            end -> {
              end.connectNanos = call.point(3) + 10;
              end.establishedNanos = call.point(3) + 10;
            });

    assertThat(ConnectWait.nanos(leg)).isEqualTo(7_000);
  }

  private Leg connected(long connectNanos) {
    return leg(
        end -> {
          end.connectNanos = connectNanos;
          end.establishedNanos = connectNanos + 1;
        });
  }

  private Leg leg(Consumer<TestEnd> change) {
    AccessLogEntry entry = call.sourceEntry();
    Leg leg =
        new Leg(
            AccessLogEntry.builder()
                .proxy(entry.proxy())
                .direction(entry.direction())
                .downstreamRemote(entry.downstreamRemote())
                .poolReadyNanos(7_000)
                .build(),
            0);
    leg.downstream = new Exchange(call.hops().get(JoinHarness.SOURCE_HOP), 0);
    leg.upstream =
        new Exchange(
            JoinHarness.withInitiator(call.hops().get(JoinHarness.LINK_INITIATOR), change), 0);
    return leg;
  }
}
