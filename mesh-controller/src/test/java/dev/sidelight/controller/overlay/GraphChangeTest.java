/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.overlay;

import static dev.sidelight.controller.overlay.OverlayHarness.PRODUCTPAGE;
import static dev.sidelight.controller.overlay.OverlayHarness.REVIEWS;
import static dev.sidelight.controller.overlay.OverlayHarness.bookinfo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sidelight.correlator.Workload;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is put into graphs, and that nothing else changes. */
final class GraphChangeTest {

  private static final long NOW = OverlayHarness.RECORDED_EPOCH_SECOND;

  private final List<OverlayEdge> edges =
      new ArrayList<>(List.of(OverlayHarness.Edges.edge(PRODUCTPAGE, REVIEWS)));

  private byte[] change(String graph) throws PassedException, IOException {
    return change(graph.getBytes(StandardCharsets.UTF_8), NOW);
  }

  private byte[] change(byte[] graph, long nowEpochSecond) throws PassedException, IOException {
    OverlayEdges figures =
        new OverlayHarness.Edges() {
          @Override
          public List<OverlayEdge> edges(int windowSeconds, long lastEpochSecond) {
            return edges;
          }
        };
    return new GraphChange(
            figures,
            OverlayHarness.settings(URI.create("http://kiali")),
            () -> Instant.ofEpochSecond(nowEpochSecond))
        .apply(graph, ContentCoding.IDENTITY, new GraphRequest("95"));
  }

  private void assertPasses(byte[] graph, long nowEpochSecond, Outcome outcome) {
    PassedException passed =
        catchThrowableOfType(PassedException.class, () -> change(graph, nowEpochSecond));
    assertThat(passed.outcome()).isEqualTo(outcome);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "workload",
        "workload-injected-services",
        "versionedApp-injected-services",
        "app-injected-services"
      })
  void recordedGraph_gainsOnlyOurs(String name) throws Exception {
    byte[] recorded = FakeKiali.recorded(name);
    byte[] changed = change(recorded, NOW);
    Json.assertThatOnlyOursIsAdded(changed, recorded);
    Json.assertThatGraphHoldsTogether(changed);
    String suffix = name.startsWith("app") ? "" : "-v1";
    assertThat(Json.hops(changed))
        .extracting(hop -> hop.replaceAll(" \\S+ \\d+$", ""))
        .containsExactlyInAnyOrder(
            "productpage%1$s -> productpage%1$s sidecar (out)".formatted(suffix),
            "productpage%1$s sidecar (out) -> reviews%1$s sidecar (in)".formatted(suffix),
            "reviews%1$s sidecar (in) -> reviews%1$s".formatted(suffix));
  }

  /** Any spelling of JSON, any order of keys, anything beside what is known. */
  @Test
  void anyGraph_isKialisOwnWithoutOurs() throws Exception {
    for (int seed = 0; seed < 500; seed++) {
      byte[] graph = new RandomGraph(new Random(seed), NOW).json();
      byte[] changed = change(graph, NOW);
      Json.assertThatOnlyOursIsAdded(changed, graph);
      Json.assertThatGraphHoldsTogether(changed);
    }
  }

  @Test
  void hopNode_isInTheBoxOfItsWorkload() throws Exception {
    byte[] changed = change(FakeKiali.recorded("versionedApp-injected-services"), NOW);
    List<JsonNode> nodes = Json.elements(changed, "nodes");
    JsonNode reviews = only(nodes, "workload", "reviews-v1");
    assertThat(only(nodes, "service", "reviews-v1 sidecar (in)").path("parent"))
        .isEqualTo(reviews.path("parent"));
  }

  @Test
  void callsWithoutSidecar_haveNoNodeThere() throws Exception {
    edges.set(0, seen(PRODUCTPAGE, REVIEWS, false, true));
    assertThat(Json.hops(change(FakeKiali.recorded("workload"), NOW)))
        .containsExactlyInAnyOrder(
            "productpage-v1 -> reviews-v1 sidecar (in) http ",
            "reviews-v1 sidecar (in) -> reviews-v1 http 13");
    edges.set(0, seen(PRODUCTPAGE, REVIEWS, true, false));
    assertThat(Json.hops(change(FakeKiali.recorded("workload"), NOW)))
        .containsExactlyInAnyOrder(
            "productpage-v1 -> productpage-v1 sidecar (out) http 33",
            "productpage-v1 sidecar (out) -> reviews-v1 http ");
    edges.set(0, seen(PRODUCTPAGE, REVIEWS, false, false));
    assertPasses(FakeKiali.recorded("workload"), NOW, Outcome.NO_EDGES);
  }

  @Test
  void unknownSource_isKialisUnknown() throws Exception {
    edges.set(0, seen(Workload.UNKNOWN, bookinfo("b"), false, true));
    String graph =
        graph(
            node("u", "unknown", "unknown", "unknown") + "," + node("b", "workload", "b-v1", "b"),
            edge("u", "b", "http"));
    assertThat(Json.hops(change(graph)))
        .containsExactlyInAnyOrder(
            "unknown -> b-v1 sidecar (in) http ", "b-v1 sidecar (in) -> b-v1 http 13");
  }

  @ParameterizedTest
  @CsvSource({"http, a, true", "grpc, a, true", "tcp, a, false", "'', a, false", "http, b, false"})
  void edgeThatKialiDoesNotDraw_isNotDrawn(String protocol, String source, boolean drawn)
      throws Exception {
    edges.set(0, seen(bookinfo("a"), bookinfo("b"), true, true));
    String graph =
        graph(
            node("a", "workload", "a-v1", "a") + "," + node("b", "workload", "b-v1", "b"),
            edge(source, source.equals("a") ? "b" : "a", protocol));
    if (drawn) {
      assertThat(Json.hops(change(graph))).hasSize(3);
    } else {
      assertPasses(graph.getBytes(StandardCharsets.UTF_8), NOW, Outcome.NO_EDGES);
    }
  }

  @Test
  void wayOverAnotherWorkload_isNoEdge() {
    edges.set(0, seen(bookinfo("a"), bookinfo("b"), true, true));
    String graph =
        graph(
            node("a", "workload", "a-v1", "a")
                + ","
                + node("m", "workload", "m-v1", "m")
                + ","
                + node("b", "workload", "b-v1", "b"),
            edge("a", "m", "http") + "," + edge("m", "b", "http"));
    assertPasses(graph.getBytes(StandardCharsets.UTF_8), NOW, Outcome.NO_EDGES);
  }

  @Test
  void otherCluster_isAnotherWorkload() throws Exception {
    Workload far = new Workload("far", "bookinfo", "b-v1", "b", "v1");
    Workload nowhere = new Workload("unknown", "bookinfo", "b-v1", "b", "v1");
    String graph =
        graph(
            node("a", "workload", "a-v1", "a") + "," + node("b", "workload", "b-v1", "b"),
            edge("a", "b", "http"));
    edges.set(0, seen(bookinfo("a"), far, true, true));
    assertPasses(graph.getBytes(StandardCharsets.UTF_8), NOW, Outcome.NO_EDGES);
    edges.set(0, seen(bookinfo("a"), nowhere, true, true));
    assertThat(Json.hops(change(graph))).hasSize(3);
  }

  @Test
  void severalCallers_shareTheSidecarOfWhoIsCalled() throws Exception {
    edges.set(0, seen(bookinfo("a"), bookinfo("b"), true, true));
    edges.add(seen(bookinfo("c"), bookinfo("b"), true, true));
    edges.add(seen(bookinfo("c"), bookinfo("b"), true, true));
    String graph =
        graph(
            node("a", "workload", "a-v1", "a")
                + ","
                + node("b", "workload", "b-v1", "b")
                + ","
                + node("c", "workload", "c-v1", "c"),
            edge("a", "b", "http") + "," + edge("c", "b", "http"));
    byte[] changed = change(graph);
    Json.assertThatGraphHoldsTogether(changed);
    assertThat(Json.hops(changed)).hasSize(5);
    JsonNode in = only(Json.elements(changed, "nodes"), "service", "b-v1 sidecar (in)");
    assertThat(in.path("traffic").get(0).path("rates").path("httpIn").asText()).isEqualTo("3.00");
    assertThat(in.path("traffic").get(0).path("rates").path("httpIn5xx").asText())
        .isEqualTo("0.15");
  }

  @Test
  void rates_areSpelledAsKialisAre() throws Exception {
    edges.set(
        0,
        new OverlayEdge(
            new OverlayEdge.Key(bookinfo("a"), bookinfo("b"), "http"),
            true,
            true,
            List.of(
                new OverlayEdge.Response(200, "-", 58),
                new OverlayEdge.Response(302, "-", 2),
                new OverlayEdge.Response(404, "-", 3),
                new OverlayEdge.Response(503, "UF", 4),
                new OverlayEdge.Response(503, "UO", 1),
                new OverlayEdge.Response(0, "DC", 1))));
    String graph =
        graph(
            node("a", "workload", "a-v1", "a") + "," + node("b", "workload", "b-v1", "b"),
            edge("a", "b", "http"));
    JsonNode traffic = Json.elements(change(graph), "edges").get(1).path("traffic");
    assertThat(traffic)
        .isEqualTo(
            Json.read(
                """
                {"protocol": "http",
                 "rates": {"http": "1.15", "http3xx": "0.03", "http4xx": "0.05", "http5xx": "0.08",
                           "httpNoResponse": "0.02", "httpPercentErr": "13.0",
                           "httpPercentReq": "100.0"},
                 "responses": {"-": {"flags": {"DC": "1.4"}}, "200": {"flags": {"-": "84.1"}},
                               "302": {"flags": {"-": "2.9"}}, "404": {"flags": {"-": "4.3"}},
                               "503": {"flags": {"UF": "5.8", "UO": "1.4"}}}}
                """
                    .getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void emptyGraph_passes() {
    assertPasses(graph("", "").getBytes(StandardCharsets.UTF_8), NOW, Outcome.NO_EDGES);
  }

  @Test
  void windowThatIsNotHeld_passes() throws Exception {
    byte[] recorded = FakeKiali.recorded("workload");
    assertThat(change(recorded, NOW + 300).length).isGreaterThan(recorded.length);
    assertPasses(recorded, NOW + 400, Outcome.WINDOW);
    String text = new String(recorded, StandardCharsets.UTF_8);
    for (String duration : List.of("901", "1800", "4", "0", "-60", "99999999999")) {
      assertPasses(
          text.replace("\"duration\": 600", "\"duration\": " + duration)
              .getBytes(StandardCharsets.UTF_8),
          NOW,
          Outcome.WINDOW);
    }
  }

  @Test
  void unknownResponseTime_passes() {
    assertThatThrownBy(() -> ResponseTime.of("90"))
        .isInstanceOfSatisfying(
            PassedException.class,
            passed -> assertThat(passed.outcome()).isEqualTo(Outcome.PARAMETERS));
  }

  private static OverlayEdge seen(
      Workload source, Workload destination, boolean sourceSidecar, boolean destinationSidecar) {
    OverlayEdge edge = OverlayHarness.Edges.edge(source, destination);
    return new OverlayEdge(edge.key(), sourceSidecar, destinationSidecar, edge.responses());
  }

  private static JsonNode only(List<JsonNode> nodes, String field, String value) {
    return nodes.stream()
        .filter(node -> node.path(field).asText().equals(value))
        .findFirst()
        .orElseThrow();
  }

  private static String graph(String nodes, String edges) {
    return """
        {"timestamp": %d, "duration": 60, "graphType": "workload",
         "elements": {"nodes": [%s], "edges": [%s]}}
        """
        .formatted(NOW, nodes, edges);
  }

  private static String node(String id, String type, String workload, String app) {
    String place = type.equals("unknown") ? "unknown" : "bookinfo";
    return """
        {"data": {"id": "%s", "nodeType": "%s", "cluster": "Kubernetes", "namespace": "%s",
                  "workload": "%s", "app": "%s", "version": "v1"}}
        """
        .formatted(id, type, place, workload, app);
  }

  private static String edge(String source, String target, String protocol) {
    String traffic = protocol.isEmpty() ? "{}" : "{\"protocol\": \"" + protocol + "\"}";
    return """
        {"data": {"id": "%1$s.%2$s", "source": "%1$s", "target": "%2$s", "traffic": %3$s}}
        """
        .formatted(source, target, traffic);
  }
}
