/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.graph;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The schema takes every graph that is right, and no other. */
final class GraphSchemaTest {

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Path GRAPHS = Path.of("src/test/resources/graph");

  /** Goldens, and what a real Kiali answered. */
  static List<Path> graphs() throws IOException {
    try (Stream<Path> files = Files.list(GRAPHS)) {
      return files.sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("graphs")
  void graph_fits(Path file) throws IOException {
    assertThat(GraphSchema.problems(MAPPER.readTree(Files.readAllBytes(file)))).isEmpty();
  }

  @Test
  void everyGraph_isTested() throws IOException {
    assertThat(graphs().stream().filter(file -> file.toString().endsWith(".recorded.json")))
        .hasSize(5);
    assertThat(graphs().stream().filter(file -> file.toString().endsWith(".expected.json")))
        .hasSizeGreaterThanOrEqualTo(4);
  }

  @ParameterizedTest
  @CsvSource({
    "'', duration, '\"60\"'",
    "'', graphType, '\"other\"'",
    "'', surprise, '1'",
    "/elements/nodes/0/data, id, '\"n0\"'",
    "/elements/nodes/0/data, nodeType, '\"pod\"'",
    "/elements/nodes/0/data, isRoot, 'false'",
    "/elements/nodes/0/data, app, '\"\"'",
    "/elements/nodes/0/data, healthData, '1'",
    "/elements/nodes/0/data, isBox, '\"app\"'",
    "/elements/nodes/0/data, traffic, '[]'",
    "/elements/nodes/0/data, isExtension, '{}'",
    "/elements/edges/0/data, responseTime, '5'",
    "/elements/edges/0/data, responseTime, '\"0.7\"'",
    "/elements/edges/0/data, isMTLS, '\"101\"'",
    "/elements/edges/0/data/traffic, rates, '{\"http2xx\": \"1.00\"}'",
    "/elements/edges/0/data/traffic, rates, '{\"http\": 1.0}'",
    "/elements/edges/0/data/traffic, protocol, '\"udp\"'",
    "/elements/edges/0/data/traffic, responses, '{\"200\": {\"flags\": {\"-\": \"100\"}}}'"
  })
  void wrongValue_isFound(String object, String key, String value) throws IOException {
    ObjectNode graph = golden();
    ((ObjectNode) graph.at(object)).set(key, MAPPER.readTree(value));
    assertThat(GraphSchema.problems(graph)).isNotEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "'', elements",
    "/elements, edges",
    "/elements/nodes/0/data, healthData",
    "/elements/nodes/0/data, workload",
    "/elements/edges/0/data, traffic",
    "/elements/edges/0/data/traffic, protocol",
    "/elements/edges/0/data/traffic, rates"
  })
  void missingKey_isFound(String object, String key) throws IOException {
    ObjectNode graph = golden();
    ((ObjectNode) graph.at(object)).remove(key);
    assertThat(GraphSchema.problems(graph)).isNotEmpty();
  }

  private static ObjectNode golden() throws IOException {
    return (ObjectNode)
        MAPPER.readTree(
            Files.readAllBytes(GRAPHS.resolve("bookinfo_workload_graph.expected.json")));
  }
}
