/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.edges;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sidelight.controller.Golden;
import dev.sidelight.controller.TestCalls;
import dev.sidelight.correlator.Coverage;
import dev.sidelight.correlator.LatencyComponent;
import dev.sidelight.correlator.PartialReason;
import dev.sidelight.correlator.TransportFigures;
import java.io.IOException;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class EdgesJsonTest {

  private static final long NOW = 1_800_000_000L;

  private final EdgeWindow window = new EdgeWindow(() -> Instant.ofEpochSecond(NOW), 10);

  @Test
  void write_bookinfo() {
    TestCalls full = TestCalls.productpageToReviews().waitingForUpstream(2_000_000);
    long nanos = 1000;
    for (LatencyComponent component : LatencyComponent.values()) {
      full.taking(component, nanos += 1000);
    }
    window.record(full.startingAt(NOW).over(new TransportFigures(70_000, 1, 0, 300, 999)).call());
    window.record(
        TestCalls.between(TestCalls.REVIEWS_V2, TestCalls.RATINGS)
            .startingAt(NOW - 59)
            .covered(Coverage.ALS_ONLY, PartialReason.NO_CLOCK)
            .answered(503, "UF")
            .taking(LatencyComponent.SOURCE_SIDECAR, 1_000_000)
            .taking(LatencyComponent.LINK_UNSPLIT, 2_000_000)
            .call());
    Golden.assertThatJsonIs(
        EdgesJson.write(60, Resolution.CALLS, window.snapshot(60)),
        "edges/bookinfo_edges.expected.json");
  }

  @Test
  void write_noEdges() {
    assertThat(EdgesJson.write(5, Resolution.CALLS, window.snapshot(5)))
        .asString()
        .isEqualTo("{\"windowSeconds\":5,\"resolution\":\"calls\",\"edges\":[]}");
  }

  @Test
  void write_numbersArePlainAndSharesSumToOne() throws IOException {
    window.record(
        TestCalls.productpageToReviews()
            .startingAt(NOW)
            .taking(LatencyComponent.APPLICATION, 100)
            .taking(LatencyComponent.NETWORK, 100)
            .taking(LatencyComponent.SOURCE_SIDECAR, 100)
            .call());
    byte[] json = EdgesJson.write(5, Resolution.CALLS, window.snapshot(5));
    assertThat(json).asString().doesNotContainPattern("\\dE-?\\d");
    JsonNode shares = new ObjectMapper().readTree(json).at("/edges/0/shares");
    double sum =
        shares.properties().stream().mapToDouble(share -> share.getValue().asDouble()).sum();
    assertThat(sum).isCloseTo(1, within(1e-5));
  }
}
