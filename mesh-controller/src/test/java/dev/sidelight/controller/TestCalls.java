/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller;

import dev.sidelight.correlator.CallEnds;
import dev.sidelight.correlator.CorrelatedRequest;
import dev.sidelight.correlator.Coverage;
import dev.sidelight.correlator.DestinationService;
import dev.sidelight.correlator.ExchangeEnd;
import dev.sidelight.correlator.LatencyBreakdown;
import dev.sidelight.correlator.LatencyComponent;
import dev.sidelight.correlator.PartialReason;
import dev.sidelight.correlator.RequestFlag;
import dev.sidelight.correlator.SocketAddress;
import dev.sidelight.correlator.TransportFigures;
import dev.sidelight.correlator.Workload;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;

/**
 * Correlated calls of bookinfo: {@code productpageToReviews().startingAt(..).taking(APPLICATION,
 * ..).call()}. A call is full, answered 200 and has no duration until one is given.
 */
public final class TestCalls {

  public static final Workload GATEWAY =
      new Workload(
          "Kubernetes", "istio-system", "istio-ingressgateway", "istio-ingressgateway", "latest");
  public static final Workload PRODUCTPAGE = bookinfo("productpage", "v1");
  public static final Workload REVIEWS_V1 = bookinfo("reviews", "v1");
  public static final Workload REVIEWS_V2 = bookinfo("reviews", "v2");
  public static final Workload RATINGS = bookinfo("ratings", "v1");

  private final Workload source;
  private final Workload destination;
  private final Map<LatencyComponent, Long> nanos = new EnumMap<>(LatencyComponent.class);
  private String requestId = "8f2a6c1e-0000-4000-8000-000000000001";
  private String traceparent = "";
  private int responseCode = 200;
  private String responseFlags = "-";
  private long startEpochNanos;
  private Coverage coverage = Coverage.FULL;
  private PartialReason reason = PartialReason.NONE;
  private long upstreamWaitNanos = LatencyBreakdown.ABSENT;
  private String protocol = "http";
  private boolean mutualTls = true;
  private DestinationService service;
  private CallEnds ends = new CallEnds(null, null, null, null, null, null);
  private boolean oneClock;

  private TestCalls(Workload source, Workload destination) {
    this.source = source;
    this.destination = destination;
    this.service =
        new DestinationService(
            destination.app() + ".bookinfo.svc.cluster.local", destination.app(), "bookinfo");
  }

  public static Workload bookinfo(String app, String version) {
    return new Workload("Kubernetes", "bookinfo", app + "-" + version, app, version);
  }

  public static TestCalls between(Workload source, Workload destination) {
    return new TestCalls(source, destination);
  }

  public static TestCalls productpageToReviews() {
    return between(PRODUCTPAGE, REVIEWS_V1);
  }

  public TestCalls startingAt(long epochSecond) {
    return startingAtNanos(epochSecond * 1_000_000_000L);
  }

  public TestCalls startingAtNanos(long startEpochNanos) {
    this.startEpochNanos = startEpochNanos;
    return this;
  }

  public TestCalls taking(LatencyComponent component, long nanos) {
    this.nanos.put(component, nanos);
    return this;
  }

  public TestCalls waitingForUpstream(long nanos) {
    this.upstreamWaitNanos = nanos;
    return this;
  }

  public TestCalls answered(int responseCode, String responseFlags) {
    this.responseCode = responseCode;
    this.responseFlags = responseFlags;
    return this;
  }

  public TestCalls covered(Coverage coverage, PartialReason reason) {
    this.coverage = coverage;
    this.reason = reason;
    return this;
  }

  public TestCalls withRequestId(String requestId) {
    this.requestId = requestId;
    return this;
  }

  public TestCalls tracedBy(String traceparent) {
    this.traceparent = traceparent;
    return this;
  }

  /** The kernel's records, and whether they are all of one node. */
  public TestCalls withEnds(CallEnds ends, boolean oneClock) {
    this.ends = ends;
    this.oneClock = oneClock;
    return this;
  }

  public TestCalls by(String protocol) {
    this.protocol = protocol;
    return this;
  }

  public TestCalls naming(DestinationService service) {
    this.service = service;
    return this;
  }

  public TestCalls inPlaintext() {
    this.mutualTls = false;
    return this;
  }

  public TestCalls hopping(TransportFigures sourceHop) {
    this.ends =
        new CallEnds(
            sender(sourceHop), null, ends.sourceUpstream(), null, null, ends.destinationApp());
    return this;
  }

  public TestCalls over(TransportFigures link) {
    this.ends =
        new CallEnds(ends.sourceApp(), null, sender(link), null, null, ends.destinationApp());
    return this;
  }

  /** Source app's end only, with positions beyond 2^31 and every point set. */
  public TestCalls withSourceAppEnd() {
    this.ends =
        new CallEnds(
            new ExchangeEnd(
                4711,
                3,
                true,
                new SocketAddress("127.0.0.1", 40000),
                new SocketAddress("127.0.0.1", 15001),
                101,
                102,
                103,
                104,
                105,
                106,
                107,
                108,
                -100,
                -50,
                7,
                907,
                30_000,
                1,
                2,
                "python3",
                "GET",
                "/reviews/{}",
                200,
                requestId,
                ExchangeEnd.READ_AFTER_SEND),
            null,
            null,
            null,
            null,
            null);
    return this;
  }

  /** A call of gRPC whose trailers the kernel saw at the destination's app. */
  public TestCalls answeredByGrpc(int grpcStatus) {
    this.protocol = "grpc";
    this.ends =
        new CallEnds(
            null,
            null,
            null,
            null,
            null,
            new ExchangeEnd(
                4712,
                1,
                false,
                new SocketAddress("127.0.0.1", 9080),
                new SocketAddress("127.0.0.6", 40001),
                0,
                0,
                103,
                104,
                101,
                102,
                101,
                102,
                0,
                1,
                0,
                1,
                30_000,
                0,
                0,
                "java",
                "POST",
                "/reviews.Reviews/Get",
                200,
                requestId,
                0,
                "grpc",
                1,
                grpcStatus));
    return this;
  }

  public CorrelatedRequest call() {
    return new CorrelatedRequest(
        source,
        destination,
        service,
        protocol,
        "GET",
        "/reviews/0",
        requestId,
        traceparent,
        responseCode,
        responseFlags,
        300,
        1_700,
        principal(source),
        principal(destination),
        startEpochNanos,
        coverage,
        reason,
        Set.of(RequestFlag.NEW_CONNECTION),
        LatencyBreakdown.of(nanos, upstreamWaitNanos),
        ends,
        oneClock);
  }

  /** The end of a segment's initiator, with nothing but these figures. */
  private static ExchangeEnd sender(TransportFigures figures) {
    SocketAddress address = new SocketAddress("127.0.0.1", 0);
    return new ExchangeEnd(
        0,
        0,
        true,
        address,
        address,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        (int) figures.bytesSent(),
        0,
        (int) figures.bytesReceived(),
        figures.smoothedRttNanos(),
        figures.retransmits(),
        figures.drops(),
        "",
        "",
        "",
        0,
        "",
        0);
  }

  private String principal(Workload workload) {
    return mutualTls ? "spiffe://cluster.local/ns/bookinfo/sa/" + workload.app() : "";
  }
}
