/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.bench;

import dev.sidelight.controller.metrics.MetricsSettings;
import dev.sidelight.correlator.CallEnds;
import dev.sidelight.correlator.CorrelatedRequest;
import dev.sidelight.correlator.Coverage;
import dev.sidelight.correlator.DestinationService;
import dev.sidelight.correlator.ExchangeEnd;
import dev.sidelight.correlator.LatencyBreakdown;
import dev.sidelight.correlator.LatencyComponent;
import dev.sidelight.correlator.PartialReason;
import dev.sidelight.correlator.SocketAddress;
import dev.sidelight.correlator.Workload;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;

/** Calls of a synthetic mesh: each full, with layer 4 of all its segments. */
final class Calls {

  /** Those that occur on a call of one kept connection. */
  static final List<LatencyComponent> COMPONENTS =
      List.of(
          LatencyComponent.SOURCE_HOP,
          LatencyComponent.SOURCE_SIDECAR_QUEUE,
          LatencyComponent.SOURCE_SIDECAR,
          LatencyComponent.NETWORK,
          LatencyComponent.DESTINATION_SIDECAR_QUEUE,
          LatencyComponent.DESTINATION_SIDECAR,
          LatencyComponent.DESTINATION_HOP,
          LatencyComponent.APPLICATION_QUEUE,
          LatencyComponent.APPLICATION,
          LatencyComponent.SOURCE_APPLICATION_READ);

  /** The defaults. */
  static final MetricsSettings SETTINGS =
      new MetricsSettings(2_000, 64, 2_000, 3_600_000, true, false);

  private static final int MEDIAN_NANOS = 400_000;
  private static final ExchangeEnd SENDER = sender(300, 1_700, 90_000);
  private static final CallEnds ENDS = new CallEnds(SENDER, null, SENDER, null, SENDER, null);

  private Calls() {}

  /** So many calls on each of so many edges, the edges in turn; the first workload is an entry. */
  static List<CorrelatedRequest> onEdges(int edges, int workloads, int callsPerEdge) {
    Random random = new Random(1);
    long now = System.currentTimeMillis() * 1_000_000;
    return IntStream.range(0, edges * callsPerEdge)
        .mapToObj(i -> call(i % edges, workloads, random, now))
        .toList();
  }

  /** A call on the edge of that number, which starts at that time of the wall clock. */
  static CorrelatedRequest call(int edge, int workloads, Random random, long startEpochNanos) {
    Workload source = workload(edge % workloads);
    Workload destination = workload((edge % workloads + 1 + edge / workloads) % workloads);
    Map<LatencyComponent, Long> nanos = new EnumMap<>(LatencyComponent.class);
    for (LatencyComponent component : COMPONENTS) {
      nanos.put(component, (long) (MEDIAN_NANOS * Math.exp(2 * random.nextGaussian())));
    }
    return new CorrelatedRequest(
        source,
        destination,
        new DestinationService(
            destination.app() + ".shop.svc.cluster.local",
            destination.app(),
            destination.namespace()),
        "http",
        "GET",
        "/items",
        new java.util.UUID(random.nextLong(), random.nextLong()).toString(),
        "",
        random.nextInt(100) == 0 ? 503 : 200,
        "-",
        300,
        1_700,
        "spiffe://cluster.local/ns/shop/sa/" + source.app(),
        "spiffe://cluster.local/ns/shop/sa/" + destination.app(),
        startEpochNanos,
        Coverage.FULL,
        PartialReason.NONE,
        Set.of(),
        LatencyBreakdown.of(nanos, 0),
        ENDS,
        false);
  }

  private static ExchangeEnd sender(int sentBytes, int receivedBytes, long smoothedRttNanos) {
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
        sentBytes,
        0,
        receivedBytes,
        smoothedRttNanos,
        0,
        0,
        "",
        "",
        "",
        0,
        "",
        0);
  }

  private static Workload workload(int number) {
    String app = "service-" + number;
    return new Workload("Kubernetes", "shop", app + "-v1", app, "v1");
  }
}
