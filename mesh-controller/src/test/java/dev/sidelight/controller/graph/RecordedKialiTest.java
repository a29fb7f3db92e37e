/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.graph;

import static dev.sidelight.controller.TestCalls.PRODUCTPAGE;
import static dev.sidelight.controller.TestCalls.REVIEWS_V1;
import static dev.sidelight.controller.graph.TestEdges.MONGODB;
import static dev.sidelight.controller.graph.TestEdges.calls;
import static dev.sidelight.controller.graph.TestEdges.millis;
import static dev.sidelight.controller.graph.TestEdges.principals;
import static dev.sidelight.controller.graph.TestEdges.service;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The same bookinfo, drawn here and by a real Kiali (v2.31-SNAPSHOT): ids, types, edges, parents,
 * keys and values are the same but for what is listed.
 */
final class RecordedKialiTest {

  /** Keys of nodes that only Kiali writes, and why. */
  private static final Map<String, String> ONLY_KIALIS_OF_NODES =
      Map.of(
          "isOutOfMesh", "the recorded cluster's pods had no sidecar; we ask no API server",
          "isExtension", "the recorded series had kiali_ext_* from and to these names");

  /** Keys of edges that only Kiali writes, and why. */
  private static final Map<String, String> ONLY_KIALIS_OF_EDGES =
      Map.of("healthStatus", "health is Kiali's, by its own configuration");

  /** Keys of edges that only we write, and why. */
  private static final Map<String, String> ONLY_OURS_OF_EDGES =
      Map.of(
          "responseTime", "Kiali cannot add percentiles, so edges to a service have none; we can",
          "throughput", "the same of its bytes");

  /** Values that differ, and why. */
  private static final Map<String, String> OTHER_VALUES =
      Map.of(
          "healthData", "null here, see healthStatus",
          "responseTime", "the caller's whole time here, the destination proxy's there",
          "httpOut", "there with the extension's requests of the same node",
          "httpIn", "there with the extension's requests of the same node",
          "httpPercentReq", "a share of httpOut");

  private final KialiGraph graph =
      new KialiGraph(
          () -> Instant.ofEpochSecond(1_795_527_790L),
          new FixedEdges(
              List.of(
                  calls(PRODUCTPAGE, REVIEWS_V1)
                      .answered(200, "-", 3_000)
                      .answered(503, "UF", 300)
                      .carrying(0, 2_100_000)
                      .taking(millis(4, 5))
                      .edge()),
              List.of(
                  new GraphTcpEdge(
                      REVIEWS_V1,
                      MONGODB,
                      service("mongodb"),
                      "-",
                      540_000,
                      0,
                      principals(REVIEWS_V1, MONGODB)))));

  @ParameterizedTest
  @CsvSource({
    "workload, workload, false",
    "workload-injected-services, workload, true",
    "versionedApp-injected-services, versionedApp, true",
    "app-injected-services, app, true",
    "service, service, false"
  })
  void graph_isKialis(String recording, String graphType, boolean injectServiceNodes) {
    TestGraph kialis = TestGraph.recorded(recording);
    TestGraph ours =
        TestGraph.of(
            graph
                .answer(
                    Map.of(
                        "namespaces",
                        "bookinfo",
                        "duration",
                        "600s",
                        "graphType",
                        graphType,
                        "injectServiceNodes",
                        String.valueOf(injectServiceNodes)))
                .json());

    assertThat(names(ours.json())).isEqualTo(names(kialis.json()));
    Map<String, JsonNode> kialisNodes = ours.byId(kialis.nodes());
    for (JsonNode node : ours.nodes()) {
      String id = node.get("id").asText();
      assertThat(kialisNodes).as(node.toString()).containsKey(id);
      leaveExtensionsBox(kialis, kialisNodes.get(id));
      assertThatIsKialis(node, kialisNodes.remove(id), ONLY_KIALIS_OF_NODES, Map.of());
    }
    Map<String, JsonNode> kialisEdges = ours.byId(kialis.edges());
    for (JsonNode edge : ours.edges()) {
      String id = edge.get("id").asText();
      assertThat(kialisEdges).as(edge.toString()).containsKey(id);
      assertThatIsKialis(edge, kialisEdges.remove(id), ONLY_KIALIS_OF_EDGES, ONLY_OURS_OF_EDGES);
    }
    assertThatOnlyExtensionsAreLeft(kialis, kialisNodes, kialisEdges);
  }

  /** The extension named a service of productpage: an app of two nodes, which is boxed. */
  private static void leaveExtensionsBox(TestGraph kialis, JsonNode node) {
    JsonNode parent = node.get("parent");
    if (parent != null && parent.equals(kialis.node("box productpage").get("id"))) {
      ((ObjectNode) node).remove("parent");
    }
  }

  private static void assertThatIsKialis(
      JsonNode ours,
      JsonNode kialis,
      Map<String, String> onlyKialis,
      Map<String, String> onlyOurs) {
    List<String> theirNames = new ArrayList<>(names(kialis));
    theirNames.removeAll(onlyKialis.keySet());
    List<String> ourNames = new ArrayList<>(names(ours));
    onlyOurs.keySet().stream().filter(name -> !kialis.has(name)).forEach(ourNames::remove);
    assertThat(ourNames).as("%s%nKiali: %s", ours, kialis).isEqualTo(theirNames);
    for (String name : ourNames) {
      assertThat(comparable(ours.get(name), name))
          .as("%s of %s%nKiali: %s", name, ours, kialis)
          .isEqualTo(comparable(kialis.get(name), name));
    }
  }

  /** Without the values that may differ. */
  private static JsonNode comparable(JsonNode value, String name) {
    if (OTHER_VALUES.containsKey(name)) {
      return null;
    }
    JsonNode copy = value.deepCopy();
    copy.findParents("rates")
        .forEach(traffic -> ((ObjectNode) traffic.get("rates")).remove(OTHER_VALUES.keySet()));
    return copy;
  }

  private static void assertThatOnlyExtensionsAreLeft(
      TestGraph kialis, Map<String, JsonNode> nodes, Map<String, JsonNode> edges) {
    Set<String> extensions = new HashSet<>();
    for (JsonNode node : nodes.values()) {
      boolean box = node.has("isBox") && node.get("app").asText().equals("productpage");
      assertThat(node.has("isExtension") || box).as(node.toString()).isTrue();
      extensions.add(node.get("id").asText());
    }
    Map<String, JsonNode> all = new HashMap<>(kialis.byId(kialis.nodes()));
    for (JsonNode edge : edges.values()) {
      boolean ofExtension =
          extensions.contains(edge.get("source").asText())
              || extensions.contains(edge.get("target").asText())
              || all.get(edge.get("target").asText()).has("isExtension");
      assertThat(ofExtension).as(edge.toString()).isTrue();
    }
  }

  private static List<String> names(JsonNode object) {
    List<String> names = new ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }
}
