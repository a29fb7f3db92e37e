/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sidelight.controller.cli.TextTable.Cell;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Single calls. */
@Command(
    name = "slow",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "The slowest calls, and where their time was.")
final class SlowCommand extends QueryCommand {

  @Mixin private WindowOption window;
  @Mixin private NamespaceOption namespace;

  @Option(
      names = "--source",
      paramLabel = "NAMESPACE/WORKLOAD",
      description = "of calls by this workload alone")
  private String source;

  @Option(
      names = "--destination",
      paramLabel = "NAMESPACE/WORKLOAD",
      description = "of calls to this workload alone")
  private String destination;

  @Option(
      names = "--min",
      paramLabel = "TIME",
      converter = DurationConverter.class,
      description = "of calls that took so long alone, like 500ms")
  private Duration least;

  @Option(
      names = "--status",
      paramLabel = "CLASS",
      description = "of calls answered by 4xx or 5xx alone, or (none) without a response")
  private String status;

  @Option(
      names = "--limit",
      paramLabel = "CALLS",
      defaultValue = "10",
      description = "so many; default: ${DEFAULT-VALUE}")
  private int limit;

  @Override
  JsonNode ask(ApiClient client) {
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put("window", window.value());
    parameters.put("order", "slowest");
    parameters.put("limit", Integer.toString(limit));
    namespace.value().ifPresent(name -> parameters.put("namespace", name));
    put(parameters, "source", source);
    put(parameters, "destination", destination);
    put(parameters, "minMillis", least == null ? null : Long.toString(least.toMillis()));
    put(parameters, "status", status);
    return client.get("/api/v1/requests", parameters);
  }

  private static void put(Map<String, String> parameters, String name, String value) {
    if (value != null) {
      parameters.put(name, value);
    }
  }

  @Override
  List<String> lines(JsonNode answer, Layout layout) {
    if (answer.path("requests").isEmpty()) {
      return layout.wrap("", "No such call in the last " + window.value() + ".");
    }
    TextTable table =
        new TextTable(layout)
            .left("call")
            .right("ms")
            .right("code")
            .left("most of it")
            .right("ms")
            .left("then")
            .right("ms")
            .right("own calls ms")
            .left("started (UTC)")
            .left("request id");
    for (JsonNode call : answer.path("requests")) {
      table.row(cells(call));
    }
    return table.lines();
  }

  private static List<Cell> cells(JsonNode call) {
    List<Map.Entry<String, JsonNode>> parts = largestFirst(call.path("components"));
    int code = call.path("responseCode").asInt();
    List<Cell> cells = new ArrayList<>();
    cells.add(
        Cell.of(
            Calls.edge(call)
                + " "
                + call.path("method").asText()
                + " "
                + call.path("path").asText()));
    cells.add(new Cell(Figures.millis(call.path("totalNanos").asDouble()), Style.BOLD));
    cells.add(
        new Cell(
            code == 0 ? Figures.ABSENT : Integer.toString(code),
            code == 0 || code >= 500 ? Style.RED : Style.PLAIN));
    for (int i = 0; i < 2; i++) {
      boolean there = i < parts.size();
      cells.add(Cell.of(there ? parts.get(i).getKey() : Figures.ABSENT));
      cells.add(
          Cell.of(there ? Figures.millis(parts.get(i).getValue().asDouble()) : Figures.ABSENT));
    }
    JsonNode ownCalls = call.path("applicationUpstreamWaitNanos");
    cells.add(Cell.of(ownCalls.isNumber() ? Figures.millis(ownCalls.asDouble()) : Figures.ABSENT));
    cells.add(Cell.of(Figures.time(call.path("startEpochNanos").asLong())));
    cells.add(Cell.of(call.path("requestId").asText()));
    return cells;
  }

  /** Equal ones in the order of the way. */
  private static List<Map.Entry<String, JsonNode>> largestFirst(JsonNode components) {
    List<Map.Entry<String, JsonNode>> parts = new ArrayList<>();
    Iterator<Map.Entry<String, JsonNode>> fields = components.properties().iterator();
    fields.forEachRemaining(parts::add);
    parts.sort(
        (first, second) -> Long.compare(second.getValue().asLong(), first.getValue().asLong()));
    return parts;
  }
}
