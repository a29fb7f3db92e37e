/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import picocli.CommandLine.Command;

/** What is missing. */
@Command(
    name = "status",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description =
        "What reaches the controller, what is missing, and how to set it right. Exit code 1 where"
            + " there is a problem.")
final class StatusCommand extends QueryCommand {

  private static final int MOST_PROBES = 20;

  @Override
  JsonNode ask(ApiClient client) {
    return client.get("/api/v1/status", Map.of());
  }

  @Override
  int exitCode(JsonNode status) {
    for (JsonNode problem : status.path("problems")) {
      if (!problem.path("information").asBoolean()) {
        return 1;
      }
    }
    return 0;
  }

  @Override
  List<String> lines(JsonNode status, Layout layout) {
    List<String> lines = new ArrayList<>();
    lines.add(
        layout.paint(
            Style.BOLD,
            layout.cut("Sidelight mesh controller " + status.path("version").asText())));
    JsonNode als = status.path("als");
    String last = "last " + Figures.span(status.path("windowSeconds").asLong()) + ": ";
    lines.add(
        layout.cut(
            "access logs  "
                + als.path("streams").asLong()
                + " streams of "
                + (als.path("proxies").size() + als.path("proxiesOmitted").asLong())
                + " proxies; entries, "
                + last
                + counts(als.path("recentEntries"), "none")));
    probes(status.path("probes"), layout, lines);
    JsonNode coverage = status.path("coverage");
    lines.add(
        layout.cut(
            "calls        "
                + last
                + coverage.path("full").asLong()
                + " seen in full, "
                + coverage.path("alsOnly").asLong()
                + " by access logs alone, "
                + coverage.path("oneSided").asLong()
                + " at one side"));
    lines.add(layout.cut("profiles     " + authentication(status)));
    problems(status.path("problems"), layout, lines);
    return lines;
  }

  private static String authentication(JsonNode status) {
    return status.path("authentication").asText().equals("token")
        ? "whoever has the token may start one"
        : "whoever reaches the port may start one";
  }

  private static void probes(JsonNode probes, Layout layout, List<String> lines) {
    if (probes.isEmpty()) {
      lines.add("probes       none");
    }
    for (int i = 0; i < Math.min(probes.size(), MOST_PROBES); i++) {
      JsonNode probe = probes.get(i);
      boolean connected = probe.path("connected").asBoolean();
      lines.add(
          layout.cut(
              (i == 0 ? "probes       " : "             ")
                  + probe.path("node").asText()
                  + (connected ? " connected" : " gone")
                  + "; ends sent "
                  + probe.path("endsSent").asLong()
                  + ", lost "
                  + counts(probe.path("endsLost"), "0")));
    }
    if (probes.size() > MOST_PROBES) {
      lines.add("             and " + (probes.size() - MOST_PROBES) + " more");
    }
  }

  private static void problems(JsonNode problems, Layout layout, List<String> lines) {
    lines.add("");
    if (problems.isEmpty()) {
      lines.add(layout.paint(Style.GREEN, "No problem found."));
      return;
    }
    lines.add(
        layout.paint(
            Style.RED, problems.size() == 1 ? "1 problem:" : problems.size() + " problems:"));
    for (JsonNode problem : problems) {
      lines.add("");
      lines.add(layout.paint(Style.BOLD, problem.path("code").asText()));
      lines.addAll(layout.wrap("  ", problem.path("message").asText()));
      String fix = "Fix: " + problem.path("fix").asText();
      // A command is copied, so it stays in one line whatever its length.
      lines.addAll(
          problem.path("command").asBoolean() ? List.of("  " + fix) : layout.wrap("  ", fix));
    }
  }

  private static String counts(JsonNode counts, String none) {
    StringJoiner joiner = new StringJoiner(", ").setEmptyValue(none);
    Iterator<Map.Entry<String, JsonNode>> fields = counts.properties().iterator();
    fields.forEachRemaining(count -> joiner.add(count.getKey() + " " + count.getValue().asText()));
    return joiner.toString();
  }
}
