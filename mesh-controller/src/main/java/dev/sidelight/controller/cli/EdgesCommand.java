/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sidelight.controller.cli.TextTable.Cell;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Every edge in a line. */
@Command(
    name = "edges",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Every edge with calls: how long they took, and whose time it was.")
final class EdgesCommand extends QueryCommand {

  private static final double LOW_COVERAGE = 0.95;
  private static final String[] SHOWN = {"sidecar", "network", "application"};

  @Mixin private WindowOption window;
  @Mixin private NamespaceOption namespace;

  @Override
  JsonNode ask(ApiClient client) {
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put("window", window.value());
    namespace.value().ifPresent(name -> parameters.put("namespace", name));
    return client.get("/api/v1/edges", parameters);
  }

  @Override
  List<String> lines(JsonNode answer, Layout layout) {
    double seconds = answer.path("windowSeconds").asDouble();
    if (answer.path("edges").isEmpty()) {
      return layout.wrap(
          "",
          "No calls in the last " + window.value() + "; sidelight status says what is missing.");
    }
    TextTable table =
        new TextTable(layout)
            .left("edge")
            .right("calls/s")
            .right("errors")
            .right("p95 ms")
            .left("most of it")
            .right("sidecar ms")
            .right("network ms")
            .right("application ms")
            .right("full")
            .right("p50 ms")
            .right("p99 ms");
    for (JsonNode edge : answer.path("edges")) {
      table.row(cells(edge, seconds));
    }
    return table.lines();
  }

  private static List<Cell> cells(JsonNode edge, double seconds) {
    JsonNode total = edge.path("total");
    String verdict = Calls.verdict(edge);
    double full = Calls.fullShare(edge.path("coverage"));
    List<Cell> cells = new ArrayList<>();
    cells.add(Cell.of(Calls.edge(edge)));
    cells.add(Cell.of(Figures.perSecond(edge.path("requests").asDouble(), seconds)));
    cells.add(
        new Cell(
            Figures.count(edge.path("errors")),
            edge.path("errors").asLong() > 0 ? Style.RED : Style.PLAIN));
    cells.add(Cell.of(Figures.millis(total.path("p95Seconds"))));
    cells.add(new Cell(verdict.isEmpty() ? Figures.ABSENT : verdict, Calls.style(verdict)));
    for (String rollup : SHOWN) {
      cells.add(part(edge, rollup, verdict));
    }
    cells.add(new Cell(Figures.percent(full), full < LOW_COVERAGE ? Style.YELLOW : Style.PLAIN));
    cells.add(Cell.of(Figures.millis(total.path("p50Seconds"))));
    cells.add(Cell.of(Figures.millis(total.path("p99Seconds"))));
    return cells;
  }

  private static Cell part(JsonNode edge, String rollup, String verdict) {
    JsonNode mean = edge.path("rollups").path(rollup).path("meanSeconds");
    if (!mean.isNumber()) {
      return Cell.of(Figures.ABSENT);
    }
    double share = edge.path("shares").path(rollup).asDouble();
    return new Cell(
        Figures.millis(mean) + Figures.format(" %6s", Figures.percent(share)),
        rollup.equals(verdict) ? Calls.style(rollup) : Style.PLAIN);
  }
}
