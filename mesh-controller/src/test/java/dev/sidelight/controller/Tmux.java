/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A shell in a real terminal, by a tmux server of its own. */
final class Tmux implements AutoCloseable {

  private static final int COLUMNS = 150;
  private static final int ROWS = 20;

  private final Path socket;

  Tmux(Path directory) throws IOException, InterruptedException {
    socket = directory.resolve("tmux");
    run(
        "new-session",
        "-d",
        "-x",
        Integer.toString(COLUMNS),
        "-y",
        Integer.toString(ROWS),
        "env",
        "-u",
        "NO_COLOR",
        "PS1=$ ",
        "sh");
  }

  /** A line, and Enter. */
  void type(String line) throws IOException, InterruptedException {
    run("send-keys", "-l", line);
    run("send-keys", "Enter");
  }

  /** Ctrl-C. */
  void interrupt() throws IOException, InterruptedException {
    run("send-keys", "C-c");
  }

  void resize(int columns) throws IOException, InterruptedException {
    run("resize-window", "-x", Integer.toString(columns));
  }

  /** What is to be seen. */
  String screen() throws IOException, InterruptedException {
    return run("capture-pane", "-p");
  }

  String screenWithColors() throws IOException, InterruptedException {
    return run("capture-pane", "-p", "-e");
  }

  /** Whether the alternate screen is on, and whether the cursor is to be seen. */
  String state() throws IOException, InterruptedException {
    return run("display-message", "-p", "alternate=#{alternate_on} cursor=#{cursor_flag}").strip();
  }

  private String run(String... args) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(List.of("tmux", "-f", "/dev/null", "-S", socket.toString()));
    command.addAll(List.of(args));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException("tmux " + args[0] + ": " + said);
    }
    return said;
  }

  @Override
  public void close() throws IOException {
    try {
      run("kill-server");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
