/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sidelight.controller.cli.TextTable.Cell;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/** A profile for people. */
final class ProfileText {

  private static final List<String> OMITTED =
      List.of(
          "reportsMissing",
          "connectionsOmitted",
          "processesOmitted",
          "samplesOmitted",
          "intervalsOmitted");

  // deps
  private final JsonNode profile;
  private final Layout layout;
  private final Map<String, String> names = new HashMap<>();

  ProfileText(JsonNode profile, Layout layout) {
    this.profile = profile;
    this.layout = layout;
    JsonNode topology = profile.path("topology");
    for (JsonNode process : topology.path("processes")) {
      names.put(process.path("id").asText(), process.path("name").asText());
    }
    for (JsonNode remote : topology.path("remotes")) {
      names.put(remote.path("id").asText(), remote.path("name").asText());
    }
  }

  List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(layout.paint(Style.BOLD, layout.cut(Pods.name(profile.path("pod")))));
    lines.add(layout.cut(progress()));
    lines.add("");
    lines.addAll(processes());
    lines.add("");
    lines.addAll(connections());
    if (profile.has("exchanges")) {
      lines.add("");
      lines.addAll(exchanges());
    }
    return lines;
  }

  private String progress() {
    StringBuilder text = new StringBuilder(profile.path("state").asText());
    if (profile.has("reason") && !profile.path("reason").asText().isEmpty()) {
      text.append(" (").append(profile.path("reason").asText()).append(')');
    }
    if (profile.has("remainingSeconds")) {
      text.append(", ").append(profile.path("remainingSeconds").asText()).append(" s to go");
    }
    text.append("; ").append(profile.path("reports").asLong()).append(" reports");
    for (String omitted : OMITTED) {
      if (profile.path(omitted).asLong() > 0) {
        text.append(", ").append(omitted).append(' ').append(profile.path(omitted).asLong());
      }
    }
    return text.toString();
  }

  private List<String> processes() {
    TextTable table = new TextTable(layout).left("process").left("pids").left("listens on");
    for (JsonNode process : profile.at("/topology/processes")) {
      table.row(
          List.of(
              Cell.of(process.path("name").asText()),
              Cell.of(list(process.path("pids"))),
              Cell.of(list(process.path("listeningPorts")))));
    }
    return table.lines();
  }

  private static String list(JsonNode numbers) {
    StringJoiner joiner = new StringJoiner(" ").setEmptyValue(Figures.ABSENT);
    numbers.forEach(number -> joiner.add(number.asText()));
    return joiner.toString();
  }

  private List<String> connections() {
    TextTable table =
        new TextTable(layout)
            .left("connections")
            .right("seen")
            .left("side")
            .right("writes")
            .right("bytes")
            .right("p95")
            .right("reads")
            .right("bytes")
            .right("p95")
            .right("rtt p95")
            .right("connect p95")
            .right("closed")
            .right("retransmits")
            .right("drops");
    for (JsonNode line : profile.at("/topology/lines")) {
      boolean first = true;
      for (String side : List.of("client", "server")) {
        JsonNode figures = line.path("sides").path(side);
        if (figures.isObject()) {
          table.row(cells(line, first, side, figures));
          first = false;
        }
      }
    }
    return table.lines();
  }

  private List<Cell> cells(JsonNode line, boolean first, String side, JsonNode figures) {
    List<Cell> cells = new ArrayList<>();
    cells.add(Cell.of(first ? name(line) : ""));
    cells.add(Cell.of(first ? Figures.count(line.path("connections")) : ""));
    cells.add(Cell.of(side));
    for (String way : List.of("writes", "reads")) {
      JsonNode transfer = figures.path(way);
      cells.add(Cell.of(Figures.count(transfer.path("calls"))));
      cells.add(Cell.of(Figures.bytes(transfer.path("bytes"))));
      cells.add(Cell.of(Figures.duration(transfer.path("p95Seconds"))));
    }
    cells.add(Cell.of(Figures.duration(figures.at("/rtt/p95Seconds"))));
    cells.add(Cell.of(Figures.duration(figures.at("/connect/p95Seconds"))));
    cells.add(Cell.of(Figures.count(figures.at("/close/count"))));
    cells.add(counted(figures.path("retransmits").asLong()));
    long drops = 0;
    for (JsonNode count : figures.path("drops")) {
      drops += count.asLong();
    }
    cells.add(counted(drops));
    return cells;
  }

  private static Cell counted(long count) {
    return new Cell(Long.toString(count), count > 0 ? Style.RED : Style.PLAIN);
  }

  private String name(JsonNode line) {
    String protocol = line.path("protocol").asText();
    return names.getOrDefault(line.path("from").asText(), "?")
        + " -> "
        + names.getOrDefault(line.path("to").asText(), "?")
        + ":"
        + line.path("port").asText()
        + " "
        + protocol
        + (line.path("tls").asBoolean() && !protocol.equals("tls") ? " in TLS" : "");
  }

  private List<String> exchanges() {
    if (profile.path("exchanges").isEmpty()) {
      return List.of("No exchange was sampled.");
    }
    TextTable table =
        new TextTable(layout)
            .left("exchange")
            .right("ms")
            .right("status")
            .left("why")
            .left("seen by")
            .left("request id");
    for (JsonNode sample : profile.path("exchanges")) {
      table.row(
          List.of(
              Cell.of(sample.path("method").asText() + " " + sample.path("path").asText()),
              Cell.of(Figures.millis(sample.path("durationNanos").asDouble())),
              Cell.of(Figures.count(sample.path("status"))),
              Cell.of(sample.path("why").asText()),
              Cell.of(sample.path("process").asText() + " as " + sample.path("role").asText()),
              Cell.of(sample.path("requestId").asText(Figures.ABSENT))));
    }
    return table.lines();
  }
}
