/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.correlator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import org.junit.jupiter.api.Test;

class AccessLogEntryBuilderTest {

  private static final Proxy PROXY =
      new Proxy("sidecar~10.0.0.1~a~b", ProxyType.SIDECAR, "10.0.0.1", Workload.UNKNOWN);
  private static final SocketAddress PEER = new SocketAddress("10.0.0.1", 40_000);

  private final AccessLogEntryBuilder builder = AccessLogEntry.builder();

  @Test
  void everySetter_setsItsOwnComponent() {
    AccessLogEntry entry =
        builder
            .proxy(PROXY)
            .direction(TrafficDirection.INBOUND)
            .kind(AccessLogEntry.Kind.UPSTREAM_END)
            .startEpochNanos(1)
            .lastDownstreamRxNanos(2)
            .firstUpstreamTxNanos(3)
            .lastUpstreamTxNanos(4)
            .firstUpstreamRxNanos(5)
            .lastUpstreamRxNanos(6)
            .firstDownstreamTxNanos(7)
            .lastDownstreamTxNanos(8)
            .durationNanos(9)
            .poolReadyNanos(10)
            .connectNanos(11)
            .handshakeNanos(12)
            .downstreamRemote(PEER)
            .downstreamLocal(new SocketAddress("10.0.0.2", 13))
            .upstreamRemote(new SocketAddress("10.0.0.3", 14))
            .upstreamLocal(new SocketAddress("10.0.0.4", 15))
            .connectionId(16)
            .upstreamConnectionId(17)
            .upstreamCluster("cluster")
            .routeName("route")
            .protocol("grpc")
            .method("POST")
            .authority("reviews:9080")
            .path("/reviews/1")
            .requestId("request")
            .streamId("stream")
            .responseCode(503)
            .responseFlags("UF")
            .responseCodeDetails("details")
            .attemptCount(18)
            .peerPrincipal("spiffe://cluster.local/ns/a/sa/b")
            .localPrincipal("spiffe://cluster.local/ns/a/sa/c")
            .bytesReceived(19)
            .bytesSent(20)
            .build();

    assertThat(entry.proxy()).isEqualTo(PROXY);
    assertThat(entry.direction()).isEqualTo(TrafficDirection.INBOUND);
    assertThat(entry.kind()).isEqualTo(AccessLogEntry.Kind.UPSTREAM_END);
    assertThat(entry.startEpochNanos()).isEqualTo(1);
    assertThat(entry.lastDownstreamRxNanos()).isEqualTo(2);
    assertThat(entry.firstUpstreamTxNanos()).isEqualTo(3);
    assertThat(entry.lastUpstreamTxNanos()).isEqualTo(4);
    assertThat(entry.firstUpstreamRxNanos()).isEqualTo(5);
    assertThat(entry.lastUpstreamRxNanos()).isEqualTo(6);
    assertThat(entry.firstDownstreamTxNanos()).isEqualTo(7);
    assertThat(entry.lastDownstreamTxNanos()).isEqualTo(8);
    assertThat(entry.durationNanos()).isEqualTo(9);
    assertThat(entry.poolReadyNanos()).isEqualTo(10);
    assertThat(entry.connectNanos()).isEqualTo(11);
    assertThat(entry.handshakeNanos()).isEqualTo(12);
    assertThat(entry.downstreamRemote()).isEqualTo(PEER);
    assertThat(entry.downstreamLocal().port()).isEqualTo(13);
    assertThat(entry.upstreamRemote().port()).isEqualTo(14);
    assertThat(entry.upstreamLocal().port()).isEqualTo(15);
    assertThat(entry.connectionId()).isEqualTo(16);
    assertThat(entry.upstreamConnectionId()).isEqualTo(17);
    assertThat(entry.upstreamCluster()).isEqualTo("cluster");
    assertThat(entry.routeName()).isEqualTo("route");
    assertThat(entry.protocol()).isEqualTo("grpc");
    assertThat(entry.method()).isEqualTo("POST");
    assertThat(entry.authority()).isEqualTo("reviews:9080");
    assertThat(entry.path()).isEqualTo("/reviews/1");
    assertThat(entry.requestId()).isEqualTo("request");
    assertThat(entry.streamKey()).isNotZero();
    assertThat(entry.responseCode()).isEqualTo(503);
    assertThat(entry.responseFlags()).isEqualTo("UF");
    assertThat(entry.responseCodeDetails()).isEqualTo("details");
    assertThat(entry.attemptCount()).isEqualTo(18);
    assertThat(entry.peerPrincipal()).isEqualTo("spiffe://cluster.local/ns/a/sa/b");
    assertThat(entry.localPrincipal()).isEqualTo("spiffe://cluster.local/ns/a/sa/c");
    assertThat(entry.bytesReceived()).isEqualTo(19);
    assertThat(entry.bytesSent()).isEqualTo(20);
  }

  @Test
  void timeNotSet_isAbsentAndNotZero() {
    AccessLogEntry entry = least().build();

    assertThat(entry.kind()).isEqualTo(AccessLogEntry.Kind.DOWNSTREAM_END);
    assertThat(entry.firstUpstreamTxNanos()).isEqualTo(AccessLogEntry.ABSENT);
    assertThat(entry.durationNanos()).isEqualTo(AccessLogEntry.ABSENT);
    assertThat(entry.connectionId()).isEqualTo(AccessLogEntry.ABSENT);
    assertThat(entry.upstreamLocal()).isNull();
    assertThat(entry.requestId()).isEmpty();
    assertThat(entry.responseFlags()).isEqualTo("-");
    assertThat(entry.responseCode()).isZero();
  }

  @Test
  void streamId_isAsItWasSet() {
    assertThat(AccessLogEntry.builder().streamId("a-stream").streamId()).isEqualTo("a-stream");
  }

  @Test
  void cleared_remembersNothing() {
    AccessLogEntry fresh = least().build();
    least().durationNanos(9).requestId("request").responseCode(200).attemptCount(2);

    builder.clear();

    assertThat(least().build()).isEqualTo(fresh);
  }

  @Test
  void withoutProxyDirectionOrPeer_isAProgrammingError() {
    assertThatNullPointerException().isThrownBy(() -> least().proxy(null).build());
    assertThatNullPointerException().isThrownBy(() -> least().direction(null).build());
    assertThatNullPointerException().isThrownBy(() -> least().downstreamRemote(null).build());
  }

  private AccessLogEntryBuilder least() {
    return builder.proxy(PROXY).direction(TrafficDirection.OUTBOUND).downstreamRemote(PEER);
  }
}
