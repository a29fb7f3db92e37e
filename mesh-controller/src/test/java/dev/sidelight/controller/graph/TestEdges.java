/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.graph;

import static dev.sidelight.controller.TestCalls.GATEWAY;
import static dev.sidelight.controller.TestCalls.PRODUCTPAGE;
import static dev.sidelight.controller.TestCalls.RATINGS;
import static dev.sidelight.controller.TestCalls.REVIEWS_V1;
import static dev.sidelight.controller.TestCalls.REVIEWS_V2;
import static dev.sidelight.controller.TestCalls.bookinfo;

import dev.sidelight.correlator.DestinationService;
import dev.sidelight.correlator.Workload;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Edges of the graph: {@code calls(PRODUCTPAGE, REVIEWS_V1).answered(200, "-", 60).edge()}. Under
 * mutual TLS, of the service that the destination's app is called, one millisecond a call, until
 * told otherwise.
 */
final class TestEdges {

  static final Workload DETAILS = bookinfo("details", "v1");
  static final Workload MONGODB = bookinfo("mongodb", "v1");

  private static final long NANOS_PER_MILLI = 1_000_000;
  private static final String SPIFFE = "spiffe://cluster.local/ns/bookinfo/sa/";

  private final Workload source;
  private final Workload destination;
  private final List<GraphResponse> responses = new ArrayList<>();
  private final Map<HopPart, GraphDurations> parts = new EnumMap<>(HopPart.class);
  private DestinationService service;
  private String protocol = "http";
  private boolean mutualTls = true;
  private long requestBytes;
  private long responseBytes;
  private GraphDurations total;

  private TestEdges(Workload source, Workload destination) {
    this.source = source;
    this.destination = destination;
    this.service = service(destination.app());
  }

  static TestEdges calls(Workload source, Workload destination) {
    return new TestEdges(source, destination);
  }

  static DestinationService service(String name) {
    return new DestinationService(name + ".bookinfo.svc.cluster.local", name, "bookinfo");
  }

  static GraphPrincipals principals(Workload source, Workload destination) {
    return new GraphPrincipals(SPIFFE + source.app(), SPIFFE + destination.app());
  }

  /** Each of the lengths as often as it is given. */
  static GraphDurations millis(long... ascending) {
    long[] nanos = new long[ascending.length];
    int[] counts = new int[ascending.length];
    long sum = 0;
    for (int i = 0; i < ascending.length; i++) {
      nanos[i] = ascending[i] * NANOS_PER_MILLI;
      counts[i] = 1;
      sum += nanos[i];
    }
    return new GraphDurations(ascending.length, sum, nanos, counts);
  }

  TestEdges answered(int code, String flags, long requests) {
    responses.add(new GraphResponse(code, -1, flags, requests));
    return this;
  }

  TestEdges answeredByGrpc(int grpcStatus, long requests) {
    responses.add(new GraphResponse(200, grpcStatus, "-", requests));
    return this;
  }

  TestEdges of(DestinationService service) {
    this.service = service;
    return this;
  }

  TestEdges over(String protocol) {
    this.protocol = protocol;
    return this;
  }

  TestEdges plaintext() {
    mutualTls = false;
    return this;
  }

  TestEdges carrying(long requestBytes, long responseBytes) {
    this.requestBytes = requestBytes;
    this.responseBytes = responseBytes;
    return this;
  }

  TestEdges taking(GraphDurations total) {
    this.total = total;
    return this;
  }

  TestEdges taking(HopPart part, GraphDurations durations) {
    parts.put(part, durations);
    return this;
  }

  GraphEdge edge() {
    long requests = responses.stream().mapToLong(GraphResponse::requests).sum();
    return new GraphEdge(
        source,
        destination,
        service,
        protocol,
        responses,
        requestBytes,
        responseBytes,
        mutualTls ? requests : 0,
        mutualTls ? principals(source, destination) : GraphPrincipals.NONE,
        total == null
            ? new GraphDurations(
                requests,
                requests * NANOS_PER_MILLI,
                new long[] {NANOS_PER_MILLI},
                new int[] {(int) requests})
            : total,
        parts);
  }

  static GraphTcpEdge ratingsToMongodb() {
    return new GraphTcpEdge(
        RATINGS, MONGODB, service("mongodb"), "-", 54_000, 540_000, GraphPrincipals.NONE);
  }

  /** A minute of bookinfo, seen from outside to its database. */
  static List<GraphEdge> bookinfoCalls() {
    return List.of(
        calls(Workload.UNKNOWN, GATEWAY)
            .of(DestinationService.UNKNOWN)
            .plaintext()
            .answered(200, "-", 90)
            .taking(HopPart.DESTINATION_SIDECAR, millis(1, 1, 2))
            .edge(),
        parts(calls(GATEWAY, PRODUCTPAGE).answered(200, "-", 89).answered(503, "UF", 1))
            .carrying(9_000, 540_000)
            .edge(),
        parts(calls(PRODUCTPAGE, DETAILS).answered(200, "-", 90)).carrying(9_000, 18_000).edge(),
        parts(calls(PRODUCTPAGE, REVIEWS_V1).answered(200, "-", 59).answered(503, "UF", 1))
            .carrying(6_000, 24_000)
            .taking(millis(4, 5, 5, 6))
            .edge(),
        parts(calls(PRODUCTPAGE, REVIEWS_V2).answered(200, "-", 30))
            .carrying(3_000, 15_000)
            .taking(millis(6, 20))
            .edge(),
        parts(calls(REVIEWS_V2, RATINGS).answered(200, "-", 29).answered(0, "DC", 1))
            .carrying(3_000, 3_600)
            .edge());
  }

  private static TestEdges parts(TestEdges calls) {
    return calls
        .taking(HopPart.SOURCE_SIDECAR, millis(1, 2, 3))
        .taking(HopPart.NETWORK, millis(1, 1, 1))
        .taking(HopPart.DESTINATION_SIDECAR, millis(2, 2, 4))
        .taking(HopPart.APPLICATION, millis(3, 10, 12));
  }
}
