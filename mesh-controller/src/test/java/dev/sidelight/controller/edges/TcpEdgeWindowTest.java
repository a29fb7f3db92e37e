/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.edges;

import static dev.sidelight.controller.TestCalls.PRODUCTPAGE;
import static dev.sidelight.controller.TestCalls.RATINGS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sidelight.controller.TestCalls;
import dev.sidelight.correlator.AccessLogEntry;
import dev.sidelight.correlator.DestinationService;
import dev.sidelight.correlator.Proxy;
import dev.sidelight.correlator.ProxyType;
import dev.sidelight.correlator.TcpLogEntry;
import dev.sidelight.correlator.TcpTraffic;
import dev.sidelight.correlator.TrafficDirection;
import dev.sidelight.correlator.Workload;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

final class TcpEdgeWindowTest {

  private static final long START = 1_800_000_000L;
  private static final Workload MONGODB = TestCalls.bookinfo("mongodb", "v1");
  private static final String CLUSTER = "outbound|27017||mongodb.bookinfo.svc.cluster.local";

  private long nowEpochSecond = START;
  private final TcpEdgeWindow window =
      new TcpEdgeWindow(() -> Instant.ofEpochSecond(nowEpochSecond), 3);

  @Test
  void bytes_ofTheWindowOnly() {
    record(outbound("-"), 100, 7);
    nowEpochSecond += 60;
    record(outbound("-"), 30, 2);
    record(outbound("-"), 3, 1);
    TcpEdge edge = only(window.edges(60, nowEpochSecond, false));
    assertThat(edge.bytesReceived()).isEqualTo(33);
    assertThat(edge.bytesSent()).isEqualTo(3);
    assertThat(edge.source()).isEqualTo(RATINGS);
    assertThat(edge.destination()).isEqualTo(MONGODB);
    assertThat(edge.service().name()).isEqualTo("mongodb");
    assertThat(only(window.edges(120, nowEpochSecond, false)).bytesReceived()).isEqualTo(133);
    assertThat(only(window.edges(60, START + 50, false)).bytesReceived()).isEqualTo(100);
  }

  /** Both tell the same bytes; only the destination's saw the certificates. */
  @Test
  void bytes_ofBothProxies_countOnce() {
    record(inbound(), 100, 7);
    TcpEdge fromDestination = only(window.edges(60, nowEpochSecond, false));
    assertThat(fromDestination.service()).isEqualTo(DestinationService.UNKNOWN);
    record(outbound("-"), 100, 7);
    TcpEdge edge = only(window.edges(60, nowEpochSecond, false));
    assertThat(edge.bytesReceived()).isEqualTo(100);
    assertThat(edge.service().name()).isEqualTo("mongodb");
    assertThat(edge.principals().source()).isEqualTo("spiffe://peer");
    assertThat(edge.principals().destination()).isEqualTo("spiffe://local");
  }

  @Test
  void flags_areSeriesOfTheirOwn() {
    record(outbound("-"), 10, 0);
    record(outbound("UC"), 5, 0);
    assertThat(window.edges(60, nowEpochSecond, false))
        .extracting(TcpEdge::responseFlags)
        .containsExactlyInAnyOrder("-", "UC");
  }

  @Test
  void idleSeries_areToldWhereAskedFor() {
    record(outbound("-"), 0, 0);
    assertThat(window.edges(60, nowEpochSecond, false)).isEmpty();
    assertThat(only(window.edges(60, nowEpochSecond, true)).bytesReceived()).isZero();
  }

  @Test
  void seriesBeyondTheBound_areMerged() {
    for (String flags : List.of("a", "b", "c", "d", "e")) {
      record(outbound(flags), 10, 0);
    }
    List<TcpEdge> edges = window.edges(60, nowEpochSecond, false);
    assertThat(edges).hasSize(4);
    assertThat(edges.stream().mapToLong(TcpEdge::bytesReceived).sum()).isEqualTo(50);
    assertThat(edges)
        .filteredOn(edge -> edge.source().equals(EdgeKey.OTHER.source()))
        .extracting(TcpEdge::bytesReceived)
        .containsExactly(20L);
  }

  @Test
  void silentSeries_makeRoom() {
    for (String flags : List.of("a", "b", "c")) {
      record(outbound(flags), 10, 0);
    }
    nowEpochSecond += 901;
    record(outbound("d"), 10, 0);
    assertThat(only(window.edges(900, nowEpochSecond, true)).responseFlags()).isEqualTo("d");
  }

  @Test
  void boundBelowOne_isRefused() {
    assertThatThrownBy(() -> new TcpEdgeWindow(() -> Instant.EPOCH, 0))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private void record(TcpLogEntry entry, long received, long sent) {
    window.record(new TcpTraffic(entry, false, false, received, sent, 0));
  }

  private static TcpLogEntry outbound(String flags) {
    return entry(RATINGS, TrafficDirection.OUTBOUND, PRODUCTPAGE, MONGODB, CLUSTER, flags);
  }

  private static TcpLogEntry inbound() {
    return entry(
        MONGODB, TrafficDirection.INBOUND, RATINGS, Workload.UNKNOWN, "inbound|27017||", "-");
  }

  private static TcpLogEntry entry(
      Workload proxy,
      TrafficDirection direction,
      Workload downstreamPeer,
      Workload upstreamPeer,
      String cluster,
      String flags) {
    return new TcpLogEntry(
        new Proxy("node", ProxyType.SIDECAR, "10.0.0.1", proxy),
        direction,
        TcpLogEntry.Kind.PERIODIC,
        "1",
        1,
        AccessLogEntry.ABSENT,
        null,
        null,
        downstreamPeer,
        upstreamPeer,
        cluster,
        "spiffe://peer",
        "spiffe://local",
        flags,
        1,
        1);
  }

  private static TcpEdge only(List<TcpEdge> edges) {
    assertThat(edges).hasSize(1);
    return edges.get(0);
  }
}
