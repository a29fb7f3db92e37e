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
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sidelight.controller.Golden;
import dev.sidelight.correlator.Workload;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class KialiGraphTest {

  private static final long NOW = 1_800_000_000L;
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final List<GraphEdge> edges = new ArrayList<>(bookinfo());
  private final List<Long> asked = new ArrayList<>();
  private final KialiGraph graph =
      new KialiGraph(
          () -> Instant.ofEpochSecond(NOW),
          (windowSeconds, lastEpochSecond) -> {
            asked.add((long) windowSeconds);
            asked.add(lastEpochSecond);
            return edges;
          });

  @ParameterizedTest
  @CsvSource({"workload", "versionedApp", "app"})
  void answer_bookinfo(String graphType) {
    GraphAnswer answer =
        graph.answer(Map.of("namespaces", "bookinfo", "duration", "60s", "graphType", graphType));
    Golden.assertThatJsonIs(answer.json(), "graph/bookinfo_" + graphType + "_graph.expected.json");
  }

  @Test
  void ids_areKialis() throws Exception {
    JsonNode recorded = recordedOfKiali();
    Set<String> ids = new HashSet<>(recorded.findValuesAsText("id"));
    JsonNode ours = answer(Map.of("duration", "60s"));
    assertThat(ids)
        .contains(
            node(ours, "productpage-v1").get("id").asText(),
            node(ours, "reviews-v1").get("id").asText(),
            edge(ours, "productpage-v1", "reviews-v1").get("id").asText());
  }

  @Test
  void keysAndTypes_areKialis() throws Exception {
    JsonNode recorded = recordedOfKiali();
    JsonNode ours = answer(Map.of());
    Map<String, String> edgeTypes = types(recorded.at("/elements/edges"));
    Map<String, String> nodeTypes = types(recorded.at("/elements/nodes"));
    // Null in ours, as in Kiali where it has not computed it; an object in what was recorded.
    nodeTypes.put("healthData", "NULL");
    // Occurs in Kiali's answers to meshes with unknown sources, of which this is none.
    nodeTypes.put("isInaccessible", "BOOLEAN");
    assertThat(edgeTypes).containsAllEntriesOf(types(ours.at("/elements/edges")));
    assertThat(nodeTypes).containsAllEntriesOf(types(ours.at("/elements/nodes")));
    assertThat(ours.fieldNames()).toIterable().containsExactlyElementsOf(names(recorded));
  }

  @Test
  void rates_asKialiWritesThem() throws Exception {
    JsonNode rates =
        edge(answer(Map.of("duration", "60s")), "productpage-v1", "reviews-v1")
            .at("/traffic/rates");
    assertThat(rates.get("http").asText()).isEqualTo("1.00");
    assertThat(rates.get("http5xx").asText()).isEqualTo("0.02");
    assertThat(rates.get("httpPercentErr").asText()).isEqualTo("1.7");
    assertThat(rates.get("httpPercentReq").asText()).isEqualTo("66.7");
  }

  @Test
  void rates_smallOnesKeepADigit() throws Exception {
    JsonNode rates =
        edge(answer(Map.of("duration", "15m")), "productpage-v1", "reviews-v1")
            .at("/traffic/rates");
    assertThat(rates.get("http").asText()).isEqualTo("0.07");
    assertThat(rates.get("http5xx").asText()).isEqualTo("0.001");
  }

  @ParameterizedTest
  @CsvSource({"avg, 6", "50, 5", "95, 20", "99, 31"})
  void responseTime_whole(String which, String millis) throws Exception {
    assertThat(
            edge(answer(Map.of("responseTime", which)), "productpage-v1", "reviews-v1")
                .get("responseTime")
                .asText())
        .isEqualTo(millis);
  }

  @Test
  void responseTime_ofMergedEdges_noPercentile() throws Exception {
    JsonNode percentile = answer(Map.of("graphType", "app"));
    assertThat(edgeOfApps(percentile, "productpage", "reviews").has("responseTime")).isFalse();
    JsonNode mean = answer(Map.of("graphType", "app", "responseTime", "avg"));
    assertThat(edgeOfApps(mean, "productpage", "reviews").get("responseTime").asText())
        .isEqualTo("6");
  }

  @Test
  void namespaces_otherEdgesAreNotDrawn() throws Exception {
    JsonNode ours = answer(Map.of("namespaces", "istio-system"));
    assertThat(ours.at("/elements/edges")).hasSize(2);
    assertThat(node(ours, "productpage-v1").get("isOutside").asBoolean()).isTrue();
    assertThat(answer(Map.of("namespaces", "elsewhere")).at("/elements/nodes")).isEmpty();
  }

  @Test
  void parents_nameBoxesBeforeThem() throws Exception {
    Set<String> boxes = new HashSet<>();
    for (JsonNode element : answer(Map.of("graphType", "versionedApp")).at("/elements/nodes")) {
      JsonNode data = element.get("data");
      if (data.has("isBox")) {
        boxes.add(data.get("id").asText());
      } else if (data.has("parent")) {
        assertThat(boxes).contains(data.get("parent").asText());
      }
    }
    assertThat(boxes).hasSize(4);
    assertThat(answer(Map.of("graphType", "versionedApp", "boxBy", "none")).findValues("isBox"))
        .isEmpty();
  }

  @Test
  void queryTime_endsTheWindow() throws Exception {
    JsonNode ours = answer(Map.of("queryTime", "1799999000", "duration", "2m"));
    assertThat(ours.get("timestamp").asLong()).isEqualTo(1_799_999_000L);
    assertThat(asked).containsExactly(120L, 1_799_999_000L);
  }

  @ParameterizedTest
  @CsvSource({
    "namespaces, ''",
    "graphType, service",
    "duration, 16m",
    "duration, 1h",
    "duration, x",
    "queryTime, soon",
    "responseTime, 90",
    "boxBy, shoe"
  })
  void badParameter_isNamed(String parameter, String value) throws Exception {
    GraphAnswer answer = graph.answer(with(Map.of(parameter, value)));
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(MAPPER.readTree(answer.json()).get("error").asText()).contains(parameter);
  }

  @Test
  void kialisOtherParameters_areAccepted() throws Exception {
    answer(
        Map.of(
            "injectServiceNodes", "true",
            "includeIdleEdges", "false",
            "appenders", "responseTime",
            "rateHttp", "requests",
            "throughputType", "request"));
  }

  private JsonNode answer(Map<String, String> parameters) throws Exception {
    GraphAnswer answer = graph.answer(with(parameters));
    JsonNode json = MAPPER.readTree(answer.json());
    assertThat(answer.statusCode()).as(json.toString()).isEqualTo(200);
    return json;
  }

  private static Map<String, String> with(Map<String, String> parameters) {
    Map<String, String> all = new HashMap<>(Map.of("namespaces", "bookinfo"));
    all.putAll(parameters);
    return all;
  }

  private static List<GraphEdge> bookinfo() {
    return List.of(
        edge(Workload.UNKNOWN, GATEWAY, 90, 0),
        edge(GATEWAY, PRODUCTPAGE, 90, 1),
        edge(PRODUCTPAGE, REVIEWS_V1, 60, 1),
        edge(PRODUCTPAGE, REVIEWS_V2, 30, 0),
        edge(REVIEWS_V2, RATINGS, 30, 0));
  }

  private static GraphEdge edge(
      Workload source, Workload destination, int requests, int unavailable) {
    List<GraphResponse> responses = new ArrayList<>();
    responses.add(new GraphResponse(200, "-", requests - unavailable));
    if (unavailable > 0) {
      responses.add(new GraphResponse(503, "UF", unavailable));
    }
    return new GraphEdge(
        source,
        destination,
        "http",
        responses,
        new GraphEdge.Durations(requests * 6_200_000L, 5_400_000, 19_600_000, 31_000_000));
  }

  private static JsonNode recordedOfKiali() throws Exception {
    return MAPPER.readTree(
        Files.readString(Path.of("src/test/resources/graph/kiali_workload.recorded.json")));
  }

  private static List<String> names(JsonNode object) {
    List<String> names = new ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }

  private static Map<String, String> types(JsonNode elements) {
    Map<String, String> types = new HashMap<>();
    elements.forEach(
        element ->
            element
                .get("data")
                .properties()
                .forEach(
                    field -> types.put(field.getKey(), field.getValue().getNodeType().name())));
    return types;
  }

  private static JsonNode node(JsonNode answer, String workload) {
    return find(answer, "workload", workload);
  }

  private static JsonNode edge(JsonNode answer, String source, String target) {
    return edgeBetween(answer, node(answer, source), node(answer, target));
  }

  private static JsonNode edgeOfApps(JsonNode answer, String source, String target) {
    return edgeBetween(answer, find(answer, "app", source), find(answer, "app", target));
  }

  private static JsonNode edgeBetween(JsonNode answer, JsonNode source, JsonNode target) {
    for (JsonNode element : answer.at("/elements/edges")) {
      JsonNode data = element.get("data");
      if (data.get("source").equals(source.get("id"))
          && data.get("target").equals(target.get("id"))) {
        return data;
      }
    }
    throw new AssertionError("no edge " + source + " -> " + target + " in " + answer);
  }

  private static JsonNode find(JsonNode answer, String field, String value) {
    for (JsonNode element : answer.at("/elements/nodes")) {
      if (element.at("/data/" + field).asText().equals(value)) {
        return element.get("data");
      }
    }
    throw new AssertionError("no node with " + field + " " + value + " in " + answer);
  }
}
