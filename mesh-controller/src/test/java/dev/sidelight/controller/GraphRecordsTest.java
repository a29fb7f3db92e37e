/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller;

import static dev.sidelight.controller.TestCalls.GATEWAY;
import static dev.sidelight.controller.TestCalls.PRODUCTPAGE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sidelight.controller.edges.EdgeWindow;
import dev.sidelight.controller.graph.GraphEdge;
import dev.sidelight.controller.graph.GraphWindow;
import dev.sidelight.controller.graph.HopPart;
import dev.sidelight.correlator.CorrelatedRequest;
import dev.sidelight.correlator.LatencyComponent;
import dev.sidelight.correlator.Workload;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class GraphRecordsTest {

  private static final long NOW = 1_800_000_000L;

  private final InstantSource clock = () -> Instant.ofEpochSecond(NOW);
  private final EdgeWindow edges = new EdgeWindow(clock, 10);
  private final GraphRecords records = new GraphRecords(edges, clock, 10, () -> Set.of("planned"));

  @Test
  void namespace_isKnownOnceSomethingWasInIt() {
    assertThat(records.knows("bookinfo")).isFalse();
    record(TestCalls.between(GATEWAY, PRODUCTPAGE).startingAt(NOW).call());
    assertThat(records.knows("bookinfo")).isTrue();
    assertThat(records.knows("istio-system")).isTrue();
  }

  @Test
  void namespace_isKnownByConfiguration() {
    assertThat(records.knows("planned")).isTrue();
  }

  @Test
  void whoIsNotKnown_isInNoNamespace() {
    record(TestCalls.between(Workload.UNKNOWN, GATEWAY).startingAt(NOW).call());
    assertThat(records.knows("unknown")).isFalse();
  }

  @Test
  void edge_hasThePartsThatWereAskedFor() {
    record(
        TestCalls.between(GATEWAY, PRODUCTPAGE)
            .startingAt(NOW)
            .taking(LatencyComponent.SOURCE_SIDECAR, 1_000_000)
            .taking(LatencyComponent.NETWORK, 2_000_000)
            .call());
    assertThat(edge(false).parts()).isEmpty();
    assertThat(edge(true).parts()).containsOnlyKeys(HopPart.values());
    assertThat(edge(true).responses()).hasSize(1);
    assertThat(edge(true).mutualTlsRequests()).isEqualTo(1);
  }

  private GraphEdge edge(boolean parts) {
    return records.requests(new GraphWindow(60, NOW, parts, false)).get(0);
  }

  private void record(CorrelatedRequest call) {
    edges.record(call);
    records.record(call);
  }
}
