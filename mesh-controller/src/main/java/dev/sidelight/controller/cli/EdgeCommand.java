/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.BiPredicate;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** One edge in full. */
@Command(
    name = "edge",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "One edge in full: whose time it was, by component; percentiles, TCP, coverage.")
final class EdgeCommand extends QueryCommand {

  private static final int MOST_NAMED = 8;

  @Parameters(
      index = "0",
      paramLabel = "SOURCE",
      description = "who called: WORKLOAD, APP or NAMESPACE/WORKLOAD")
  private String source;

  @Parameters(index = "1", paramLabel = "DESTINATION", description = "who answered, likewise")
  private String destination;

  @Mixin private WindowOption window;

  @Override
  JsonNode ask(ApiClient client) {
    JsonNode answer = client.get("/api/v1/edges", Map.of("window", window.value()));
    ArrayNode edges = matching(answer, Calls::isWorkload);
    if (edges.isEmpty()) {
      edges = matching(answer, EdgeCommand::isWorkloadOrApp);
    }
    if (edges.isEmpty()) {
      throw new CommandException(
          "no call from "
              + source
              + " to "
              + destination
              + " in the last "
              + window.value()
              + neighbours(answer));
    }
    ObjectNode found = answer.deepCopy();
    found.set("edges", edges);
    return found;
  }

  private static boolean isWorkloadOrApp(JsonNode workload, String wanted) {
    return Calls.isWorkload(workload, wanted) || Calls.isApp(workload, wanted);
  }

  private ArrayNode matching(JsonNode answer, BiPredicate<JsonNode, String> isIt) {
    ArrayNode found = Documents.mapper().createArrayNode();
    for (JsonNode edge : answer.path("edges")) {
      if (isIt.test(edge.path("source"), source)
          && isIt.test(edge.path("destination"), destination)) {
        found.add(edge);
      }
    }
    return found;
  }

  /** What there is beside it. */
  private String neighbours(JsonNode answer) {
    TreeSet<String> called = new TreeSet<>();
    for (JsonNode edge : answer.path("edges")) {
      if (isWorkloadOrApp(edge.path("source"), source)) {
        called.add(edge.at("/destination/workload").asText());
      }
    }
    if (called.isEmpty()) {
      return "; " + source + " called nobody. See sidelight edges, or a longer --window";
    }
    return "; "
        + source
        + " called "
        + String.join(", ", called.stream().limit(MOST_NAMED).toList())
        + (called.size() > MOST_NAMED ? " and others" : "");
  }

  @Override
  List<String> lines(JsonNode answer, Layout layout) {
    List<String> lines = new ArrayList<>();
    for (JsonNode edge : answer.path("edges")) {
      if (!lines.isEmpty()) {
        lines.add("");
      }
      lines.addAll(new EdgeText(edge, answer.path("windowSeconds").asLong(), layout).lines());
    }
    return lines;
  }
}
