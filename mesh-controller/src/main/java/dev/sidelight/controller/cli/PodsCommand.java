/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sidelight.controller.cli.TextTable.Cell;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** What can be profiled. */
@Command(
    name = "pods",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "The pods that connected probes watch; each can be profiled.")
final class PodsCommand extends QueryCommand {

  @Mixin private NamespaceOption namespace;

  @Override
  JsonNode ask(ApiClient client) {
    JsonNode answer = client.get("/api/v1/pods", Map.of());
    if (namespace.value().isEmpty()) {
      return answer;
    }
    ArrayNode pods = Documents.mapper().createArrayNode();
    for (JsonNode pod : answer.path("pods")) {
      if (pod.path("namespace").asText().equals(namespace.value().get())) {
        pods.add(pod);
      }
    }
    ObjectNode found = answer.deepCopy();
    found.set("pods", pods);
    return found;
  }

  @Override
  List<String> lines(JsonNode answer, Layout layout) {
    if (answer.path("pods").isEmpty()) {
      return layout.wrap("", "No pod; sidelight status says whether a probe is connected.");
    }
    TextTable table =
        new TextTable(layout)
            .left("pod")
            .left("workload")
            .left("id")
            .left("addresses")
            .left("profile");
    for (JsonNode pod : answer.path("pods")) {
      StringJoiner addresses = new StringJoiner(" ");
      pod.path("addresses").forEach(address -> addresses.add(address.asText()));
      table.row(
          List.of(
              Cell.of(Pods.name(pod)),
              Cell.of(pod.path("workload").asText(Figures.ABSENT)),
              Cell.of(pod.path("id").asText()),
              Cell.of(addresses.toString()),
              Cell.of(pod.path("profile").asText(Figures.ABSENT))));
    }
    return table.lines();
  }
}
