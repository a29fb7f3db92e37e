/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.tracing;

import dev.sidelight.controller.TestCalls;
import dev.sidelight.correlator.CallEnds;
import dev.sidelight.correlator.ExchangeEnd;
import dev.sidelight.correlator.LatencyComponent;
import dev.sidelight.correlator.SocketAddress;
import dev.sidelight.correlator.Workload;

/**
 * A call of which the kernel saw every point. In microseconds after its start: the request passes
 * the source's app 0 to 10, its sidecar 30 to 160, the destination's sidecar 260 to 380, its app
 * 400; that works from 450 for 100 ms; the way back takes 270 more.
 */
final class TracedCalls {

  static final String TRACE_ID = "4bf92f3577b34da6a3ce929d0e0e4736";
  static final String PARENT_ID = "00f067aa0ba902b7";
  static final String TRACEPARENT = "00-" + TRACE_ID + "-" + PARENT_ID + "-01";
  static final String REQUEST_ID = "8f2a6c1e-1111-4222-8333-000000000001";
  static final long START_EPOCH_NANOS = 1_795_534_422_943_338_000L;
  static final long MICRO = 1_000;
  static final long TOTAL_NANOS = 100_730 * MICRO;

  private static final long SOURCE_CLOCK = 7_000_000_000L;

  private TracedCalls() {}

  /** On one node. */
  static TestCalls full(Workload source, Workload destination) {
    return full(source, destination, SOURCE_CLOCK, true);
  }

  /** The destination on a node that was booted an hour before. */
  static TestCalls fullOnTwoNodes(Workload source, Workload destination) {
    return full(source, destination, SOURCE_CLOCK + 3_600_000_000_000L, false);
  }

  private static TestCalls full(
      Workload source, Workload destination, long destinationClock, boolean oneClock) {
    return TestCalls.between(source, destination)
        .startingAtNanos(START_EPOCH_NANOS)
        .withRequestId(REQUEST_ID)
        .taking(LatencyComponent.REQUEST_TRANSFER, 10 * MICRO)
        .taking(LatencyComponent.SOURCE_HOP, 40 * MICRO)
        .taking(LatencyComponent.SOURCE_SIDECAR_QUEUE, 70 * MICRO)
        .taking(LatencyComponent.SOURCE_SIDECAR, 120 * MICRO)
        .taking(LatencyComponent.SOURCE_SIDECAR_CONNECT, 40 * MICRO)
        .taking(LatencyComponent.NETWORK, 150 * MICRO)
        .taking(LatencyComponent.DESTINATION_SIDECAR_QUEUE, 40 * MICRO)
        .taking(LatencyComponent.DESTINATION_SIDECAR, 150 * MICRO)
        .taking(LatencyComponent.DESTINATION_SIDECAR_CONNECT, 0)
        .taking(LatencyComponent.DESTINATION_HOP, 40 * MICRO)
        .taking(LatencyComponent.APPLICATION_QUEUE, 50 * MICRO)
        .taking(LatencyComponent.APPLICATION, 100_000 * MICRO)
        .taking(LatencyComponent.RESPONSE_TRANSFER, 10 * MICRO)
        .taking(LatencyComponent.SOURCE_APPLICATION_READ, 10 * MICRO)
        .waitingForUpstream(40_000 * MICRO)
        .withEnds(
            new CallEnds(
                end(true, SOURCE_CLOCK, 0, 10, 100_720, 100_730),
                end(false, SOURCE_CLOCK, 100_690, 100_700, 30, 60),
                end(true, SOURCE_CLOCK, 150, 160, 100_600, 100_640),
                end(false, destinationClock, 100_540, 100_550, 260, 280),
                end(true, destinationClock, 370, 380, 100_480, 100_500),
                end(false, destinationClock, 100_450, 100_460, 400, 450)),
            oneClock);
  }

  /** Times in microseconds after the call's start. */
  private static ExchangeEnd end(
      boolean initiator, long clock, long firstSend, long lastSend, long arrival, long read) {
    return new ExchangeEnd(
        1,
        0,
        initiator,
        new SocketAddress("10.77.0.1", 40000),
        new SocketAddress("10.77.0.2", 15006),
        0,
        0,
        clock + firstSend * MICRO,
        clock + lastSend * MICRO,
        clock + arrival * MICRO,
        clock + arrival * MICRO,
        clock + read * MICRO,
        clock + read * MICRO,
        0,
        300,
        0,
        1_700,
        30_000,
        1,
        0,
        initiator ? "envoy" : "java",
        "GET",
        "/reviews/{}",
        200,
        REQUEST_ID,
        0);
  }
}
