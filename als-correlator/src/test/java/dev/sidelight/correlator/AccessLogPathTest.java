/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.correlator;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AccessLogPathTest {

  private static final long BEGIN_NANOS = 100_000_000_000L;

  private final TestCall call = new TestCall(1, BEGIN_NANOS);
  private final ComponentSums sums = new ComponentSums();

  @Test
  void bothEntries_sumToTheSourcesTimeToItsLastByte() {
    boolean clamped = AccessLogPath.addTo(sums, call.sourceEntry(), call.destinationEntry());

    LatencyBreakdown breakdown = sums.toBreakdown(LatencyBreakdown.ABSENT);
    assertThat(clamped).isFalse();
    assertThat(breakdown.totalNanos()).isEqualTo(call.sourceEntry().lastDownstreamTxNanos());
    assertThat(breakdown.nanos(LatencyComponent.DESTINATION_UNSPLIT))
        .isEqualTo(call.point(13) + 2_000 - (call.point(7) - 1_000));
  }

  @Test
  void destinationLongerThanTheSourceWaited_isClampedAndStillSums() {
    AccessLogEntry source = call.sourceEntry();
    call.stepMicros[9] = 50_000;

    boolean clamped = AccessLogPath.addTo(sums, source, call.destinationEntry());

    LatencyBreakdown breakdown = sums.toBreakdown(LatencyBreakdown.ABSENT);
    assertThat(clamped).isTrue();
    assertThat(breakdown.totalNanos()).isEqualTo(source.lastDownstreamTxNanos());
    assertThat(breakdown.nanos(LatencyComponent.LINK_UNSPLIT)).isZero();
  }

  @Test
  void withoutUpstream_allIsTheProxys() {
    AccessLogEntry answered =
        AccessLogEntry.builder()
            .proxy(call.sourceEntry().proxy())
            .direction(TrafficDirection.OUTBOUND)
            .downstreamRemote(TestCall.APP)
            .durationNanos(7_000)
            .build();

    AccessLogPath.addSourceTo(sums, answered);

    LatencyBreakdown breakdown = sums.toBreakdown(LatencyBreakdown.ABSENT);
    assertThat(breakdown.nanos(LatencyComponent.SOURCE_SIDECAR)).isEqualTo(7_000);
    assertThat(breakdown.nanos(LatencyComponent.LINK_UNSPLIT)).isZero();
  }

  @Test
  void sourceAlone_isItsProxyAndTheRest() {
    AccessLogPath.addSourceTo(sums, times(100, 10, 20, 80, 90));

    assertThat(sums.toBreakdown(0).nanos(LatencyComponent.LINK_UNSPLIT)).isEqualTo(70);
    assertThat(sums.toBreakdown(0).nanos(LatencyComponent.SOURCE_SIDECAR)).isEqualTo(30);
  }

  @Test
  void destinationAlone_isItsProxyAndTheRest() {
    AccessLogPath.addDestinationTo(sums, times(100, 10, 20, 80, 90));

    assertThat(sums.toBreakdown(0).nanos(LatencyComponent.DESTINATION_UNSPLIT)).isEqualTo(70);
    assertThat(sums.toBreakdown(0).nanos(LatencyComponent.DESTINATION_SIDECAR)).isEqualTo(30);
  }

  @Test
  void requestsLastByteNotLogged_itsFirstStands() {
    AccessLogPath.addSourceTo(sums, times(100, 10, AccessLogEntry.ABSENT, 80, 90));

    assertThat(sums.toBreakdown(0).nanos(LatencyComponent.LINK_UNSPLIT)).isEqualTo(80);
  }

  @Test
  void responseNeverReceived_upstreamLastsToTheEnd() {
    long absent = AccessLogEntry.ABSENT;
    AccessLogPath.addSourceTo(sums, times(100, 10, 20, absent, absent));

    assertThat(sums.toBreakdown(0).nanos(LatencyComponent.LINK_UNSPLIT)).isEqualTo(80);
    assertThat(sums.toBreakdown(0).totalNanos()).isEqualTo(100);
  }

  private AccessLogEntry times(
      long durationNanos, long firstTx, long lastTx, long firstRx, long lastRx) {
    return AccessLogEntry.builder()
        .proxy(call.sourceEntry().proxy())
        .direction(TrafficDirection.OUTBOUND)
        .downstreamRemote(TestCall.APP)
        .durationNanos(durationNanos)
        .firstUpstreamTxNanos(firstTx)
        .lastUpstreamTxNanos(lastTx)
        .firstUpstreamRxNanos(firstRx)
        .lastUpstreamRxNanos(lastRx)
        .build();
  }
}
