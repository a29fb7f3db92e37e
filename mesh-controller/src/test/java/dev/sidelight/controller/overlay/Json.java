/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.overlay;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** Looks at graphs independently of the code that changes them. */
public final class Json {

  private static final ObjectMapper MAPPER =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

  private Json() {}

  static JsonNode read(byte[] json) {
    try {
      return MAPPER.readTree(json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Data of the nodes, or of the edges. */
  static List<JsonNode> elements(byte[] graph, String kind) {
    List<JsonNode> data = new ArrayList<>();
    read(graph).path("elements").path(kind).forEach(element -> data.add(element.path("data")));
    return data;
  }

  private static boolean isOurs(JsonNode data) {
    return data.path("isExtension").path("name").asText().equals("sidelight");
  }

  /** {@code source -> target protocol responseTime} of the edges at nodes of ours. */
  static List<String> hops(byte[] graph) {
    return hops(graph, edge -> "");
  }

  /** The same with the rates. */
  public static List<String> hopsWithRates(byte[] graph) {
    return hops(graph, edge -> edge.path("traffic").path("rates").toString());
  }

  private static List<String> hops(byte[] graph, Function<JsonNode, String> more) {
    List<JsonNode> nodes = elements(graph, "nodes");
    return elements(graph, "edges").stream()
        .filter(edge -> isOurs(byId(nodes, edge, "source")) || isOurs(byId(nodes, edge, "target")))
        .map(
            edge ->
                "%s -> %s %s %s%s"
                    .formatted(
                        name(byId(nodes, edge, "source")),
                        name(byId(nodes, edge, "target")),
                        edge.path("traffic").path("protocol").asText(),
                        edge.path("responseTime").asText(),
                        more.apply(edge)))
        .toList();
  }

  private static JsonNode byId(List<JsonNode> nodes, JsonNode edge, String end) {
    return nodes.stream()
        .filter(node -> node.path("id").equals(edge.path(end)))
        .findFirst()
        .orElseThrow();
  }

  private static String name(JsonNode node) {
    return node.path("nodeType").asText().equals("service")
        ? node.path("service").asText()
        : node.path("workload").asText(node.path("app").asText());
  }

  /**
   * Without what is ours, the changed graph is Kiali's, byte for byte: what is put in lies in two
   * places and is ours only.
   */
  public static void assertThatOnlyOursIsAdded(byte[] changed, byte[] original) {
    assertThat(changed.length).isGreaterThan(original.length);
    int same = 0;
    while (changed[same] == original[same]) {
      same++;
    }
    int sameAtEnd = 0;
    while (changed[changed.length - 1 - sameAtEnd] == original[original.length - 1 - sameAtEnd]
        && sameAtEnd < original.length - same) {
      sameAtEnd++;
    }
    byte[] between = Arrays.copyOfRange(original, same, original.length - sameAtEnd);
    byte[] changedBetween = Arrays.copyOfRange(changed, same, changed.length - sameAtEnd);
    assertThat(contains(changedBetween, between)).as("Kiali's bytes in between").isTrue();
    JsonNode rest = read(changed);
    removeOurs(rest);
    assertThat(rest).isEqualTo(read(original));
  }

  private static boolean contains(byte[] bytes, byte[] part) {
    for (int at = 0; at + part.length <= bytes.length; at++) {
      if (Arrays.equals(bytes, at, at + part.length, part, 0, part.length)) {
        return true;
      }
    }
    return false;
  }

  private static void removeOurs(JsonNode graph) {
    Set<String> ours = new HashSet<>();
    Iterator<JsonNode> nodes = ((ArrayNode) graph.path("elements").path("nodes")).elements();
    while (nodes.hasNext()) {
      JsonNode data = nodes.next().path("data");
      if (isOurs(data)) {
        ours.add(data.path("id").asText());
        nodes.remove();
      }
    }
    Iterator<JsonNode> edges = ((ArrayNode) graph.path("elements").path("edges")).elements();
    while (edges.hasNext()) {
      JsonNode data = edges.next().path("data");
      if (ours.contains(data.path("source").asText())
          || ours.contains(data.path("target").asText())) {
        edges.remove();
      }
    }
  }

  /** What Kiali's page relies on. */
  public static void assertThatGraphHoldsTogether(byte[] graph) {
    Set<String> ids = new HashSet<>();
    for (JsonNode node : elements(graph, "nodes")) {
      assertThat(ids.add(node.path("id").asText())).as("id twice: " + node).isTrue();
      if (node.has("parent")) {
        assertThat(ids).as("box before its member").contains(node.path("parent").asText());
      }
    }
    Set<String> edgeIds = new HashSet<>();
    for (JsonNode edge : elements(graph, "edges")) {
      assertThat(edgeIds.add(edge.path("id").asText())).as("id twice: " + edge).isTrue();
      assertThat(ids)
          .contains(edge.path("source").asText(), edge.path("target").asText())
          .doesNotContain(edge.path("id").asText());
    }
  }
}
