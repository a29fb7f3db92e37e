/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.correlator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A call of which one side's proxy does not log takes the side's name from the other's entry. */
class UnseenPeerTest {

  private static final long SECOND_NANOS = 1_000_000_000L;
  private static final Workload JOB = new Workload("k", "batch", "job", "job", "v1");

  private final List<CorrelatedRequest> calls = new ArrayList<>();
  private final Correlator correlator =
      new Correlator(
          new CorrelatorSettings(10 * SECOND_NANOS, 1_000, 4_000),
          CorrelatorMetrics.NOOP,
          calls::add);
  private final Proxy proxy =
      new Proxy("n", ProxyType.SIDECAR, "10.77.0.13", new Workload("k", "shop", "cart", "c", "v"));

  @Test
  void callerWithoutSidecar_isWhomTheDestinationNames() {
    tell(entry(proxy, TrafficDirection.INBOUND).downstreamPeer(JOB));
    assertThat(calls.get(0).source()).isEqualTo(JOB);
    assertThat(calls.get(0).destination()).isEqualTo(proxy.workload());
  }

  @Test
  void callerThatNobodyNames_isUnknown() {
    tell(entry(proxy, TrafficDirection.INBOUND));
    assertThat(calls.get(0).source()).isEqualTo(Workload.UNKNOWN);
  }

  @Test
  void destinationWithoutSidecar_isWhomTheSourceNames() {
    tell(entry(proxy, TrafficDirection.OUTBOUND).upstreamPeer(JOB));
    assertThat(calls.get(0).source()).isEqualTo(proxy.workload());
    assertThat(calls.get(0).destination()).isEqualTo(JOB);
  }

  @Test
  void hostOutsideTheMesh_isNamedByTheCluster() {
    tell(entry(proxy, TrafficDirection.OUTBOUND).upstreamCluster("outbound|443||example.com"));
    assertThat(calls.get(0).destination().app()).isEqualTo("example.com");
  }

  @Test
  void waypoint_standsAloneAsAGatewayDoes() {
    Proxy waypoint =
        new Proxy("w", ProxyType.WAYPOINT, "10.77.0.20", new Workload("k", "ns", "w", "w", "v"));
    tell(entry(waypoint, TrafficDirection.OUTBOUND).downstreamPeer(JOB).upstreamPeer(JOB));
    assertThat(calls).hasSize(2);
    assertThat(calls.get(0).source()).isEqualTo(waypoint.workload());
    assertThat(calls.get(1).source()).isEqualTo(JOB);
    assertThat(calls.get(1).destination()).isEqualTo(waypoint.workload());
  }

  private static AccessLogEntryBuilder entry(Proxy proxy, TrafficDirection direction) {
    return AccessLogEntry.builder()
        .proxy(proxy)
        .direction(direction)
        .startEpochNanos(1_795_000_000L * SECOND_NANOS)
        .durationNanos(1_000_000)
        .downstreamRemote(new SocketAddress("10.77.0.9", 50_000))
        .responseCode(200);
  }

  /** Until its window has passed. */
  private void tell(AccessLogEntryBuilder entry) {
    correlator.onAccessLog(entry.build(), 0);
    correlator.advance(11 * SECOND_NANOS);
  }
}
