/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.bookinfo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The running bookinfo as Kiali would be answered, held against the schema. */
@ExtendWith(LocalMesh.class)
class KialiGraphIT {

  private static final int REQUESTS_PER_SECOND = 20;
  private static final int SECONDS = 12;

  /** Shorter than the traffic, so that no call of another test is in it. */
  private static final int WINDOW_SECONDS = 10;

  /** A call that the window cuts, both rates being rounded to a hundredth. */
  private static final double ONE_CALL = 1.0 / WINDOW_SECONDS + 0.01;

  private static final JsonSchema SCHEMA =
      JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
          .getSchema(
              Path.of(
                      "../../mesh-controller/src/main/resources/dev/sidelight/controller/graph",
                      "kiali-graph.schema.json")
                  .toUri());

  private static long lastEpochSecond;

  @BeforeAll
  static void callBookinfo(LocalMesh mesh, SidelightApi api) {
    mesh.run("traffic", String.valueOf(REQUESTS_PER_SECOND), String.valueOf(SECONDS));
    lastEpochSecond = System.currentTimeMillis() / 1000;
    await("every edge is drawn with all its calls")
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(500))
        .until(() -> hasAllCalls(new Graph(api, "graphType=workload")));
  }

  /** The window's last second has just begun. */
  private static boolean hasAllCalls(Graph graph) {
    double called = rate(graph, "istio-ingressgateway", "productpage-v1");
    return called >= REQUESTS_PER_SECOND * (WINDOW_SECONDS - 1.5) / WINDOW_SECONDS
        && Math.abs(called - rate(graph, "productpage-v1", "details-v1")) <= ONE_CALL;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "graphType=workload",
        "graphType=versionedApp",
        "graphType=app",
        "graphType=service",
        "graphType=workload&injectServiceNodes=true",
        "graphType=versionedApp&injectServiceNodes=true&boxBy=cluster,namespace,app",
        "graphType=workload&hops=true",
        "graphType=versionedApp&hops=true",
        "graphType=app&hops=true",
        "graphType=service&hops=true",
        "graphType=app&includeIdleEdges=true&responseTime=avg&throughputType=request"
      })
  void answer_fitsTheSchemaAndItself(String query, SidelightApi api) {
    Graph graph = new Graph(api, query);
    assertThat(SCHEMA.validate(graph.json)).as(graph.json.toString()).isEmpty();
    assertThat(graph.lines()).isNotEmpty();
    graph.assertThatReferencesResolve();
  }

  @Test
  void workloads_callAsBookinfoDoes(SidelightApi api) {
    Graph graph = new Graph(api, "graphType=workload");
    assertThat(graph.lines()).containsAll(Bookinfo.EDGES).contains("unknown->istio-ingressgateway");
    assertThat(rate(graph, "productpage-v1", "details-v1"))
        .isCloseTo(rate(graph, "istio-ingressgateway", "productpage-v1"), within(ONE_CALL));
    JsonNode edge = graph.edge("productpage-v1", "details-v1");
    assertThat(edge.get("isMTLS").asText()).isEqualTo("100");
    assertThat(edge.get("sourcePrincipal").asText()).startsWith("spiffe://").contains("/sa/");
    assertThat(edge.get("destPrincipal").asText()).startsWith("spiffe://").contains("/sa/");
    assertThat(edge.get("responseTime").asInt()).isPositive();
    assertThat(edge.get("throughput").asInt()).isPositive();
    assertThat(edge.at("/traffic/responses/200/hosts").fieldNames().next())
        .isEqualTo("details.bookinfo.svc.cluster.local");
  }

  @Test
  void services_callAsBookinfoDoes(SidelightApi api) {
    assertThat(new Graph(api, "graphType=service").lines())
        .contains(
            "istio-ingressgateway->productpage",
            "productpage->details",
            "productpage->reviews",
            "reviews->ratings");
    assertThat(new Graph(api, "graphType=app").lines())
        .contains("productpage->reviews", "reviews->ratings");
    assertThat(new Graph(api, "graphType=versionedApp&injectServiceNodes=true").lines())
        .contains("productpage-v1->reviews", "reviews->reviews-v1", "reviews->reviews-v3");
  }

  /** Every part was measured, so that every hop is there; their means are parts of the whole. */
  @Test
  void hops_tellWhereTheTimeWent(SidelightApi api) {
    Graph graph = new Graph(api, "graphType=workload&hops=true&responseTime=avg");
    assertThat(graph.lines())
        .contains(
            "productpage-v1->productpage-v1 sidecar (out)",
            "productpage-v1 sidecar (out)->reviews-v2 sidecar (in)",
            "reviews-v2 sidecar (in)->reviews-v2",
            "reviews-v2->reviews-v2 application");
    int parts =
        Stream.of(
                graph.edge("productpage-v1 sidecar (out)", "reviews-v2 sidecar (in)"),
                graph.edge("reviews-v2 sidecar (in)", "reviews-v2"),
                graph.edge("reviews-v2", "reviews-v2 application"))
            .mapToInt(edge -> edge.get("responseTime").asInt())
            .sum();
    int whole = graph.edge("productpage-v1", "reviews-v2").get("responseTime").asInt();
    // Each is rounded to a millisecond.
    assertThat(parts).isPositive().isLessThanOrEqualTo(whole + 2);
    assertThat(graph.edge("reviews-v2", "reviews-v2 application").get("responseTime").asInt())
        .isPositive();
  }

  @Test
  void refusals_areKialis(SidelightApi api) {
    assertThat(api.graphRefusal("graphType=workload"))
        .isEqualTo(
            "400 {\"error\":\"At least one namespace must be specified via the namespaces query"
                + " parameter.\"}");
    assertThat(api.graphRefusal("namespaces=elsewhere"))
        .isEqualTo("403 {\"error\":\"Requested namespace [elsewhere] is not accessible.\"}");
    assertThat(api.graphRefusal("namespaces=bookinfo&graphType=pods"))
        .isEqualTo("400 {\"error\":\"Invalid graphType [pods]\"}");
  }

  private static double rate(Graph graph, String source, String target) {
    JsonNode edge = graph.find(source, target);
    return edge == null ? 0 : edge.at("/traffic/rates/http").asDouble();
  }

  /** An answer, its nodes by id. */
  private static final class Graph {

    private final JsonNode json;
    private final Map<String, JsonNode> nodes = new HashMap<>();
    private final List<JsonNode> edges = new ArrayList<>();

    Graph(SidelightApi api, String query) {
      String window = "&duration=" + WINDOW_SECONDS + "s&queryTime=" + lastEpochSecond;
      json = api.graph("namespaces=bookinfo,istio-system&" + query + window);
      json.at("/elements/nodes")
          .forEach(node -> nodes.put(node.at("/data/id").asText(), node.get("data")));
      json.at("/elements/edges").forEach(edge -> edges.add(edge.get("data")));
    }

    void assertThatReferencesResolve() {
      assertThat(nodes).hasSameSizeAs(json.at("/elements/nodes"));
      for (JsonNode node : nodes.values()) {
        if (node.has("parent")) {
          assertThat(nodes.get(node.get("parent").asText()).has("isBox")).isTrue();
        }
      }
      for (JsonNode edge : edges) {
        assertThat(nodes).containsKeys(edge.get("source").asText(), edge.get("target").asText());
      }
    }

    List<String> lines() {
      return edges.stream().map(this::line).toList();
    }

    private String line(JsonNode edge) {
      return name(edge.get("source")) + "->" + name(edge.get("target"));
    }

    private String name(JsonNode id) {
      JsonNode node = nodes.get(id.asText());
      for (String field : List.of("service", "workload", "app")) {
        if (node.has(field)) {
          return node.get(field).asText();
        }
      }
      throw new AssertionError("a node without a name: " + node);
    }

    JsonNode edge(String source, String target) {
      JsonNode edge = find(source, target);
      assertThat(edge).as("%s -> %s in %s", source, target, json).isNotNull();
      return edge;
    }

    /** Null where there is none. */
    JsonNode find(String source, String target) {
      return edges.stream()
          .filter(edge -> line(edge).equals(source + "->" + target))
          .findFirst()
          .orElse(null);
    }
  }
}
