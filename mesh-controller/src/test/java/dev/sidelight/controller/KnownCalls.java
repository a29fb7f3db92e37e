/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller;

import static dev.sidelight.controller.TestCalls.GATEWAY;
import static dev.sidelight.controller.TestCalls.PRODUCTPAGE;
import static dev.sidelight.controller.TestCalls.RATINGS;
import static dev.sidelight.controller.TestCalls.REVIEWS_V1;
import static dev.sidelight.controller.TestCalls.REVIEWS_V2;

import dev.sidelight.correlator.CorrelatedRequest;
import dev.sidelight.correlator.Coverage;
import dev.sidelight.correlator.LatencyComponent;
import dev.sidelight.correlator.PartialReason;
import dev.sidelight.correlator.TransportFigures;
import dev.sidelight.correlator.Workload;
import java.util.ArrayList;
import java.util.List;

/**
 * Half a minute of bookinfo: an application that takes most of the time, a sidecar that does, a
 * link that could not be split, callers from outside, and an error.
 */
final class KnownCalls {

  static final long NOW = 1_800_000_000L;

  private static final long MICROS = 1_000;

  private KnownCalls() {}

  static List<CorrelatedRequest> all() {
    List<CorrelatedRequest> calls = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      calls.add(outside(i));
      calls.add(toProductpage(i));
      calls.add(toReviews(i));
      if (i % 3 == 0) {
        calls.add(toRatings(i));
      }
    }
    return calls;
  }

  private static TestCalls call(Workload source, Workload destination, int second) {
    return TestCalls.between(source, destination)
        .startingAt(NOW - 40 + second)
        .withRequestId("8f2a6c1e-0000-4000-8000-0000000000%02d".formatted(second));
  }

  private static CorrelatedRequest outside(int i) {
    return call(Workload.UNKNOWN, GATEWAY, i)
        .covered(Coverage.ONE_SIDED, PartialReason.NO_SOURCE_PROXY)
        .taking(LatencyComponent.DESTINATION_SIDECAR, 800 * MICROS)
        .taking(LatencyComponent.DESTINATION_UNSPLIT, 7_000 * MICROS)
        .call();
  }

  private static CorrelatedRequest toProductpage(int i) {
    return call(GATEWAY, PRODUCTPAGE, i)
        .taking(LatencyComponent.SOURCE_SIDECAR, 500 * MICROS)
        .taking(LatencyComponent.NETWORK, 70 * MICROS)
        .taking(LatencyComponent.DESTINATION_SIDECAR, 300 * MICROS)
        .taking(LatencyComponent.DESTINATION_HOP, 20 * MICROS)
        .taking(LatencyComponent.APPLICATION, (6_000 + 100L * i) * MICROS)
        .waitingForUpstream(5_000 * MICROS)
        .call();
  }

  private static CorrelatedRequest toReviews(int i) {
    return call(PRODUCTPAGE, REVIEWS_V1, i)
        .taking(LatencyComponent.SOURCE_HOP, 15 * MICROS)
        .taking(LatencyComponent.SOURCE_SIDECAR_QUEUE, 2_000 * MICROS)
        .taking(LatencyComponent.SOURCE_SIDECAR, (400 + 10L * i) * MICROS)
        .taking(LatencyComponent.NETWORK, 120 * MICROS)
        .taking(LatencyComponent.DESTINATION_SIDECAR, 350 * MICROS)
        .taking(LatencyComponent.APPLICATION, 900 * MICROS)
        .answered(i == 7 ? 503 : 200, i == 7 ? "UF" : "-")
        .hopping(new TransportFigures(40_000, 0, 0, 500, 2_000))
        .over(new TransportFigures(180_000, i == 3 ? 2 : 0, 0, 600, 2_100))
        .call();
  }

  private static CorrelatedRequest toRatings(int i) {
    return call(REVIEWS_V2, RATINGS, i)
        .covered(Coverage.ALS_ONLY, PartialReason.NO_CLOCK)
        .taking(LatencyComponent.SOURCE_SIDECAR, 200 * MICROS)
        .taking(LatencyComponent.LINK_UNSPLIT, 1_500 * MICROS)
        .call();
  }
}
