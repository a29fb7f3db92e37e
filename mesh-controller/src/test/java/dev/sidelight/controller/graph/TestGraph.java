/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.graph;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** A graph as JSON, ours or a recorded one, and what tests look for in it. */
final class TestGraph {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final JsonNode json;

  private TestGraph(JsonNode json) {
    this.json = json;
  }

  static TestGraph of(byte[] answer) {
    try {
      return new TestGraph(MAPPER.readTree(answer));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What a real Kiali answered. */
  static TestGraph recorded(String name) {
    try {
      return of(
          Files.readAllBytes(Path.of("src/test/resources/graph/kiali_" + name + ".recorded.json")));
    } catch (IOException e) {
      throw new UncheckedIOException(name, e);
    }
  }

  JsonNode json() {
    return json;
  }

  List<JsonNode> nodes() {
    return data("nodes");
  }

  List<JsonNode> edges() {
    return data("edges");
  }

  private List<JsonNode> data(String elements) {
    List<JsonNode> data = new ArrayList<>();
    json.at("/elements/" + elements).forEach(element -> data.add(element.get("data")));
    return data;
  }

  Map<String, JsonNode> byId(List<JsonNode> elements) {
    Map<String, JsonNode> byId = new HashMap<>();
    elements.forEach(data -> byId.put(data.get("id").asText(), data));
    assertThat(byId).as("ids are unique").hasSameSizeAs(elements);
    return byId;
  }

  /** The only node that is called so, whatever it is. */
  JsonNode node(String name) {
    return only(nodes(), node -> name(node).equals(name), name);
  }

  boolean hasNode(String name) {
    return nodes().stream().anyMatch(node -> name(node).equals(name));
  }

  JsonNode edge(String source, String target) {
    String from = node(source).get("id").asText();
    String to = node(target).get("id").asText();
    return only(
        edges(),
        edge -> edge.get("source").asText().equals(from) && edge.get("target").asText().equals(to),
        source + " -> " + target);
  }

  /** Of edges, like {@code productpage-v1 -> reviews-v1}. */
  List<String> lines() {
    Map<String, JsonNode> nodes = byId(nodes());
    return edges().stream()
        .map(
            edge ->
                name(nodes.get(edge.get("source").asText()))
                    + " -> "
                    + name(nodes.get(edge.get("target").asText())))
        .toList();
  }

  static String name(JsonNode node) {
    if (node.has("isBox")) {
      return "box " + node.path("app").asText(node.get("namespace").asText());
    }
    if (node.get("nodeType").asText().equals("service")) {
      return node.get("service").asText();
    }
    return node.path("workload").asText(node.path("app").asText());
  }

  private static JsonNode only(List<JsonNode> all, Predicate<JsonNode> wanted, String name) {
    List<JsonNode> found = all.stream().filter(wanted).toList();
    assertThat(found).as("%s of %s", name, all).hasSize(1);
    return found.get(0);
  }
}
