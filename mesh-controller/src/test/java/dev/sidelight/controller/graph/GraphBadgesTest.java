/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.graph;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sidelight.controller.graph.ServiceBadges.ServiceEntryBadge;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Where Kiali has its badges. */
final class GraphBadgesTest {

  private final KialiGraph graph =
      new KialiGraph(
          () -> Instant.ofEpochSecond(1_800_000_000L),
          new FixedEdges(TestEdges.bookinfoCalls(), List.of()),
          new ReviewsBadges());

  private TestGraph answer(Map<String, String> more) {
    Map<String, String> parameters = new HashMap<>(Map.of("namespaces", "bookinfo"));
    parameters.putAll(more);
    GraphAnswer answer = graph.answer(parameters);
    assertThat(answer.statusCode()).isEqualTo(200);
    return TestGraph.of(answer.json());
  }

  @Test
  void services_haveWhatVirtualServicesDo() {
    JsonNode reviews = answer(Map.of("graphType", "service")).node("reviews");

    assertThat(reviews.at("/hasVS/hostnames/0").asText()).isEqualTo("reviews.example.com");
    assertThat(reviews.at("/hasRequestTimeout").asBoolean()).isTrue();
    assertThat(reviews.has("hasMirroring")).isFalse();
    assertThat(reviews.at("/isServiceEntry/location").asText()).isEqualTo("MESH_INTERNAL");
    assertThat(reviews.at("/hasCB").asBoolean()).isTrue();
  }

  @Test
  void versions_haveTheCircuitBreakerOfTheirSubset_andNothingElse() {
    TestGraph versions = answer(Map.of("graphType", "versionedApp"));

    assertThat(versions.node("reviews-v1").has("hasCB")).isFalse();
    assertThat(versions.node("reviews-v2").at("/hasCB").asBoolean()).isTrue();
    assertThat(versions.node("reviews-v2").has("hasVS")).isFalse();
  }

  @Test
  void badges_areLeftOutWithoutTheirAppender() {
    JsonNode reviews =
        answer(Map.of("graphType", "service", "appenders", "responseTime")).node("reviews");

    assertThat(reviews.has("hasVS")).isFalse();
    assertThat(reviews.has("hasCB")).isFalse();
    assertThat(reviews.has("isServiceEntry")).isFalse();
  }

  private static final class ReviewsBadges implements GraphBadges {

    @Override
    public ServiceBadges of(String namespace, String service) {
      return service.equals("reviews") && namespace.equals("bookinfo")
          ? new ServiceBadges(
              List.of("reviews.example.com"),
              false,
              false,
              true,
              true,
              false,
              false,
              new ServiceEntryBadge(List.of("reviews"), "MESH_INTERNAL", "bookinfo"))
          : ServiceBadges.NONE;
    }

    @Override
    public boolean hasCircuitBreaker(String namespace, String service, String version) {
      return service.equals("reviews") && (version.isEmpty() || version.equals("v2"));
    }
  }
}
