/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.correlator;

import java.util.ArrayList;
import java.util.List;

/**
 * One call productpage to reviews, as the kernel and both Envoys would tell of it: thirty points on
 * one clock, each component of a known length. Times start at {@link #startNanos}; the wall clock
 * is {@link #EPOCH_OFFSET_NANOS} ahead.
 */
final class TestCall {

  static final long EPOCH_OFFSET_NANOS = 1_700_000_000_000_000_000L;
  static final String NODE = "node-a";
  static final String SOURCE_POD = "10.77.0.11";
  static final String DESTINATION_POD = "10.77.0.13";
  static final Workload PRODUCTPAGE =
      new Workload("Kubernetes", "bookinfo", "productpage-v1", "productpage", "v1");
  static final Workload REVIEWS =
      new Workload("Kubernetes", "bookinfo", "reviews-v1", "reviews", "v1");
  static final SocketAddress APP = new SocketAddress(SOURCE_POD, 40_001);
  static final SocketAddress OUTSIDE = new SocketAddress("203.0.113.9", 40_001);
  static final SocketAddress SERVICE = new SocketAddress("10.78.0.13", 9080);
  static final SocketAddress REDIRECTED = new SocketAddress("127.0.0.1", 15001);
  static final SocketAddress LINK_LOCAL = new SocketAddress(SOURCE_POD, 50_001);
  static final SocketAddress LINK_REMOTE = new SocketAddress(DESTINATION_POD, 9080);
  static final SocketAddress LINK_ACCEPTED = new SocketAddress(DESTINATION_POD, 15006);
  static final SocketAddress INBOUND_LOCAL = new SocketAddress("127.0.0.6", 60_001);

  /** Each of the path's steps, in its order; the defaults sum to 1000 us. */
  final long[] stepMicros = {
    0, 20, 40, 200, 30, 40, 150, 10, 20, 100, 0, 10, 20, 150, 30, 40, 100, 20, 20
  };

  final long startNanos;
  final int index;
  String requestId;
  int attemptCount = 1;
  long connectMicros;
  boolean gateway;
  int linkRetransmits;

  /** Hops and link carry it as a stream of HTTP/2. */
  boolean http2;

  /** The link's records are none of requests: they are left out. */
  boolean encryptedLink;

  /** Whether the source's app sends a request id. */
  boolean appSendsRequestId = true;

  int responseCode = 200;
  String responseFlags = "-";

  TestCall(int index, long startNanos) {
    this.index = index;
    this.startNanos = startNanos;
    this.requestId = "request-" + index;
  }

  /** CLOCK_MONOTONIC of the path's nth point, 0 the app's first send, 19 its last read. */
  long point(int n) {
    long micros = 0;
    for (int i = 0; i < n; i++) {
      micros += stepMicros[i];
    }
    return startNanos + micros * 1_000;
  }

  static ClockSample clockSample(long monotonicNanos) {
    return new ClockSample(monotonicNanos, EPOCH_OFFSET_NANOS, 100);
  }

  AccessLogEntry sourceEntry() {
    return sourceEntryBuilder().build();
  }

  AccessLogEntryBuilder sourceEntryBuilder() {
    return entry(SOURCE_POD, PRODUCTPAGE, TrafficDirection.OUTBOUND, point(3), point(17))
        .proxy(
            new Proxy(
                (gateway ? "router~" : "sidecar~") + SOURCE_POD + "~a~b",
                gateway ? ProxyType.GATEWAY : ProxyType.SIDECAR,
                SOURCE_POD,
                PRODUCTPAGE))
        .firstUpstreamTxNanos(point(4) - point(3) - 2_000)
        .lastUpstreamTxNanos(point(4) - point(3) - 1_000)
        .firstUpstreamRxNanos(point(16) - point(3) + 1_000)
        .lastUpstreamRxNanos(point(16) - point(3) + 2_000)
        .downstreamRemote(gateway ? OUTSIDE : APP)
        .upstreamLocal(LINK_LOCAL)
        .upstreamRemote(LINK_REMOTE)
        .upstreamCluster("outbound|9080||reviews.bookinfo.svc.cluster.local");
  }

  AccessLogEntry destinationEntry() {
    return destinationEntry(LINK_LOCAL);
  }

  AccessLogEntry destinationEntry(SocketAddress link) {
    return destinationEntryBuilder(link).build();
  }

  AccessLogEntryBuilder destinationEntryBuilder(SocketAddress link) {
    return entry(DESTINATION_POD, REVIEWS, TrafficDirection.INBOUND, point(6), point(14))
        .firstUpstreamTxNanos(point(7) - point(6) - 2_000)
        .lastUpstreamTxNanos(point(7) - point(6) - 1_000)
        .firstUpstreamRxNanos(point(13) - point(6) + 1_000)
        .lastUpstreamRxNanos(point(13) - point(6) + 2_000)
        .downstreamRemote(link)
        .upstreamLocal(INBOUND_LOCAL)
        .upstreamRemote(LINK_REMOTE)
        .upstreamCluster("inbound|9080||")
        .attemptCount(1);
  }

  private AccessLogEntryBuilder entry(
      String pod, Workload workload, TrafficDirection direction, long fromNanos, long toNanos) {
    return AccessLogEntry.builder()
        .proxy(new Proxy("sidecar~" + pod + "~a~b", ProxyType.SIDECAR, pod, workload))
        .direction(direction)
        .startEpochNanos(microsecond(fromNanos + 3_000 + EPOCH_OFFSET_NANOS))
        .firstDownstreamTxNanos(toNanos - fromNanos - 5_000)
        .lastDownstreamTxNanos(toNanos - fromNanos - 4_000)
        .durationNanos(toNanos - fromNanos)
        .method("GET")
        .path("/reviews/0")
        .requestId(requestId)
        .streamId(requestId)
        .attemptCount(attemptCount)
        .poolReadyNanos(0)
        .responseCode(responseCode)
        .responseFlags(responseFlags)
        .downstreamHttp2(http2)
        .upstreamHttp2(http2);
  }

  private static long microsecond(long nanos) {
    return nanos / 1_000 * 1_000;
  }

  /** Source hop, link's two ends, destination hop. */
  List<HopRecord> hops() {
    List<HopRecord> hops = new ArrayList<>();
    hops.add(new HopRecord(NODE, SOURCE_POD, gateway ? null : sourceApp(), sourceProxy(), false));
    if (!encryptedLink) {
      hops.add(new HopRecord(NODE, SOURCE_POD, linkInitiator(), null, false));
      hops.add(new HopRecord(NODE, DESTINATION_POD, null, linkAcceptor(), false));
    }
    hops.add(new HopRecord(NODE, DESTINATION_POD, destinationProxy(), destinationApp(), false));
    return hops;
  }

  ExchangeEnd sourceApp() {
    return initiator(1, APP, SERVICE, 0, 1, 18, 19);
  }

  ExchangeEnd sourceProxy() {
    return acceptor(2, REDIRECTED, gateway ? OUTSIDE : APP, 2, 3, 17, 17);
  }

  ExchangeEnd linkInitiator() {
    return initiator(3, LINK_LOCAL, LINK_REMOTE, 4, 4, 15, 16);
  }

  ExchangeEnd linkAcceptor() {
    return acceptor(4, LINK_ACCEPTED, LINK_LOCAL, 5, 6, 14, 14);
  }

  ExchangeEnd destinationProxy() {
    return initiator(5, INBOUND_LOCAL, LINK_REMOTE, 7, 7, 12, 13);
  }

  ExchangeEnd destinationApp() {
    return acceptor(6, LINK_REMOTE, INBOUND_LOCAL, 8, 9, 10, 11);
  }

  private ExchangeEnd initiator(
      int socket, SocketAddress local, SocketAddress remote, int f, int l, int a, int r) {
    int segment = (socket + 1) / 2;
    long connectNanos = socket == 3 && connectMicros > 0 ? point(3) + 10_000 : 0;
    return new ExchangeEnd(
        socket,
        index,
        true,
        local,
        remote,
        connectNanos,
        connectNanos == 0 ? 0 : connectNanos + connectMicros * 1_000,
        point(f),
        point(l),
        point(a),
        point(a),
        point(r),
        point(r),
        request(segment),
        request(segment) + 300,
        response(segment),
        response(segment) + 200,
        50_000,
        socket == 3 ? linkRetransmits : 0,
        0,
        "app",
        "GET",
        "/reviews/{id}",
        0,
        idOf(segment),
        0,
        http2 ? "http2" : "http",
        streamId(),
        ExchangeEnd.NO_GRPC_STATUS);
  }

  private ExchangeEnd acceptor(
      int socket, SocketAddress local, SocketAddress remote, int a, int r, int f, int l) {
    int segment = socket / 2;
    return new ExchangeEnd(
        socket,
        index,
        false,
        local,
        remote,
        0,
        0,
        point(f),
        point(l),
        point(a),
        point(a),
        point(r),
        point(r),
        response(segment),
        response(segment) + 200,
        request(segment),
        request(segment) + 300,
        50_000,
        0,
        0,
        "envoy",
        "",
        "",
        responseCode,
        "",
        0,
        http2 ? "http2" : "http",
        streamId(),
        ExchangeEnd.NO_GRPC_STATUS);
  }

  private String idOf(int segment) {
    boolean readable = segment != 2 || http2;
    return readable && (segment != 1 || appSendsRequestId) ? requestId : "";
  }

  private int streamId() {
    return http2 ? 2 * index - 1 : 0;
  }

  private int request(int segment) {
    return segment * 1_000_000_000 + index * 300;
  }

  private int response(int segment) {
    return segment * 1_100_000_000 + index * 200;
  }
}
