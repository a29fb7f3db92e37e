/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sidelight.controller.cli.TextTable.Cell;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** One edge for people. */
final class EdgeText {

  private static final int BAR = 30;
  private static final String[][] SEGMENTS = {
    {"sourceHop", "source hop"}, {"link", "link"}, {"destinationHop", "destination hop"}
  };

  // deps
  private final JsonNode edge;
  private final long windowSeconds;
  private final Layout layout;
  private final double totalSeconds;

  EdgeText(JsonNode edge, long windowSeconds, Layout layout) {
    this.edge = edge;
    this.windowSeconds = windowSeconds;
    this.layout = layout;
    this.totalSeconds = seconds(edge.path("total"));
  }

  private static double seconds(JsonNode figures) {
    return figures.path("meanSeconds").asDouble() * figures.path("count").asDouble();
  }

  List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(
        layout.paint(
            Style.BOLD,
            layout.cut(
                Calls.qualified(edge.path("source"))
                    + " -> "
                    + Calls.qualified(edge.path("destination")))));
    lines.addAll(layout.wrap("", calls()));
    lines.add("");
    lines.addAll(verdict());
    lines.add("");
    lines.addAll(rollups());
    lines.add("");
    lines.addAll(components());
    if (!edge.path("transport").isEmpty()) {
      lines.add("");
      lines.addAll(transport());
    }
    return lines;
  }

  private String calls() {
    JsonNode coverage = edge.path("coverage");
    return edge.path("protocol").asText()
        + " to "
        + edge.at("/destinationService/host").asText()
        + ", last "
        + Figures.span(windowSeconds)
        + ": "
        + edge.path("requests").asLong()
        + " calls, "
        + edge.path("errors").asLong()
        + " failed; seen in full "
        + Figures.percent(Calls.fullShare(coverage))
        + " (by access logs alone "
        + coverage.path("alsOnly").asLong()
        + ", at one side "
        + coverage.path("oneSided").asLong()
        + ")";
  }

  private List<String> verdict() {
    String rollup = Calls.verdict(edge);
    if (rollup.isEmpty()) {
      return List.of("Nothing was measured.");
    }
    String share = Figures.percent(edge.path("shares").path(rollup).asDouble());
    String mean = Figures.millis(edge.at("/total/meanSeconds"));
    if (rollup.equals("unknown")) {
      JsonNode coverage = edge.path("coverage");
      boolean oneSided = coverage.path("oneSided").asLong() > coverage.path("alsOnly").asLong();
      return layout.wrap(
          "",
          "It cannot be told whose time it was: "
              + share
              + " of "
              + mean
              + " ms could not be split. "
              + (oneSided
                  ? "One proxy alone told of these calls: what lies beyond it has none that logs here."
                  : "Is a probe on both nodes? See sidelight status."));
    }
    return List.of(
        "Most of it: "
            + layout.paint(Calls.style(rollup), rollup)
            + ", "
            + share
            + " of "
            + mean
            + " ms"
            + (rollup.equals("application") && isMostlyWaiting()
                ? ", mostly in calls of its own"
                : ""));
  }

  /** Whether the app waited for others longer than it was at work. */
  private boolean isMostlyWaiting() {
    JsonNode informative = edge.path("informative");
    return seconds(informative.path("application_upstream_wait"))
        > seconds(informative.path("application_self"));
  }

  private List<String> rollups() {
    TextTable table =
        new TextTable(layout)
            .left("")
            .right("mean ms")
            .right("share")
            .right("p50")
            .right("p95")
            .right("p99");
    for (String rollup : Calls.ROLLUPS) {
      JsonNode figures = edge.path("rollups").path(rollup);
      if (figures.isObject()) {
        table.row(figures(rollup, Calls.style(rollup), figures));
      }
    }
    table.row(figures("total", Style.BOLD, edge.path("total")));
    return table.lines();
  }

  private List<Cell> figures(String name, Style style, JsonNode figures) {
    return List.of(
        new Cell(name, style),
        Cell.of(Figures.millis(figures.path("meanSeconds"))),
        Cell.of(share(figures)),
        Cell.of(Figures.millis(figures.path("p50Seconds"))),
        Cell.of(Figures.millis(figures.path("p95Seconds"))),
        Cell.of(Figures.millis(figures.path("p99Seconds"))));
  }

  /** Seconds over seconds, so that they sum to one also where not all calls have all parts. */
  private String share(JsonNode figures) {
    return totalSeconds == 0 ? Figures.ABSENT : Figures.percent(seconds(figures) / totalSeconds);
  }

  private List<String> components() {
    double largest = 0;
    for (JsonNode figures : edge.path("components")) {
      largest = Math.max(largest, seconds(figures));
    }
    TextTable table =
        new TextTable(layout)
            .left("component")
            .right("mean ms")
            .right("share")
            .right("p95")
            .left("");
    Iterator<Map.Entry<String, JsonNode>> fields = edge.path("components").properties().iterator();
    while (fields.hasNext()) {
      Map.Entry<String, JsonNode> component = fields.next();
      JsonNode figures = component.getValue();
      long bar = largest == 0 ? 0 : Math.round(BAR * seconds(figures) / largest);
      table.row(
          List.of(
              Cell.of(component.getKey()),
              Cell.of(Figures.millis(figures.path("meanSeconds"))),
              Cell.of(share(figures)),
              Cell.of(Figures.millis(figures.path("p95Seconds"))),
              new Cell("#".repeat((int) bar), Style.BOLD)));
    }
    List<String> lines = table.lines();
    ofWhich(lines);
    return lines;
  }

  /** Parts of the component application, which is in the table as a whole. */
  private void ofWhich(List<String> lines) {
    JsonNode wait = edge.at("/informative/application_upstream_wait/meanSeconds");
    JsonNode self = edge.at("/informative/application_self/meanSeconds");
    if (wait.isNumber() && self.isNumber()) {
      lines.addAll(
          layout.wrap(
              "",
              "Of application the app waited for its own calls for "
                  + Figures.millis(wait)
                  + " ms, and was at work itself for "
                  + Figures.millis(self)
                  + " ms."));
    }
  }

  private List<String> transport() {
    TextTable table =
        new TextTable(layout)
            .left("TCP")
            .right("rtt p50 ms")
            .right("retransmits")
            .right("drops")
            .right("sent")
            .right("received");
    for (String[] segment : SEGMENTS) {
      JsonNode figures = edge.path("transport").path(segment[0]);
      if (figures.isObject()) {
        table.row(
            List.of(
                Cell.of(segment[1]),
                Cell.of(Figures.millis(figures.path("rttP50Seconds"))),
                counted(figures.path("retransmits")),
                counted(figures.path("drops")),
                Cell.of(Figures.bytes(figures.path("bytesSent"))),
                Cell.of(Figures.bytes(figures.path("bytesReceived")))));
      }
    }
    return table.lines();
  }

  private static Cell counted(JsonNode number) {
    return new Cell(Figures.count(number), number.asLong() > 0 ? Style.RED : Style.PLAIN);
  }
}
