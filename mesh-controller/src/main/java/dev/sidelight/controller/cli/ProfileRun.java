/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** A profile that runs, watched until it has ended. What was seen is printed once, at its end. */
final class ProfileRun {

  private static final long LOOK_MILLIS = 1_000;

  // deps
  private final Terminal terminal;
  private final ApiClient client;
  private final OutputOptions output;
  private final String path;
  private final boolean sampling;
  // state
  private final AtomicBoolean ended = new AtomicBoolean();
  private Screen screen;

  ProfileRun(
      Terminal terminal, ApiClient client, OutputOptions output, String id, boolean sampling) {
    this.terminal = terminal;
    this.client = client;
    this.output = output;
    this.path = "/api/v1/profiles/" + id;
    this.sampling = sampling;
  }

  int run() {
    if (terminal.interactive() && output.format() == OutputFormat.table) {
      screen = Screen.open(terminal);
    }
    Runtime.getRuntime().addShutdownHook(new Thread(this::endBeforeItsTime, "sidelight-profile"));
    while (true) {
      JsonNode profile = look();
      if (!isUnderWay(profile)) {
        return end(profile);
      }
      if (screen != null) {
        Terminal.Size size = terminal.size();
        screen.draw(lines(profile, size.columns()), size);
      }
      sleep();
    }
  }

  private static boolean isUnderWay(JsonNode profile) {
    String state = profile.path("state").asText();
    return state.equals("pending") || state.equals("running");
  }

  private JsonNode look() {
    JsonNode profile = client.get(path, Map.of());
    if (!sampling) {
      return profile;
    }
    ObjectNode both = profile.deepCopy();
    both.set("exchanges", client.get(path + "/samples", Map.of()).path("samples"));
    return both;
  }

  private static void sleep() {
    try {
      TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandException("interrupted");
    }
  }

  private int end(JsonNode profile) {
    if (ended.getAndSet(true)) {
      // Whoever asked for the end prints it, and the process ends there.
      return 0;
    }
    print(profile);
    if (profile.path("state").asText().equals("refused")) {
      throw new CommandException(
          "the probe refuses it: "
              + profile.path("reason").asText()
              + " (mesh-controller/API.md says what that means)");
    }
    return 0;
  }

  private void print(JsonNode profile) {
    int width = Layout.UNBOUNDED;
    if (screen != null) {
      screen.close();
    }
    if (terminal.interactive()) {
      width = terminal.size().columns();
    }
    lines(profile, width).forEach(terminal.out()::println);
    terminal.out().flush();
  }

  private List<String> lines(JsonNode profile, int width) {
    return switch (output.format()) {
      case table ->
          new ProfileText(profile, new Layout(width, output.color().colors(terminal))).lines();
      case json -> Documents.indented(profile);
      case yaml -> Documents.yaml(profile);
    };
  }

  /** Ctrl-C. */
  private void endBeforeItsTime() {
    if (ended.getAndSet(true)) {
      return;
    }
    try {
      client.delete(path);
      print(look());
    } catch (CommandException e) {
      terminal
          .err()
          .println(Sidelight.NAME + ": it goes on until its time is over: " + e.getMessage());
      terminal.err().flush();
    }
  }
}
