/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code --watch} in processes of its own: into a pipe, and in a real terminal, which is tmux's.
 */
class WatchTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String ESCAPE = "\u001b";

  @TempDir Path directory;

  private final FakeClock clock = new FakeClock(KnownCalls.NOW);
  private RunningController running;

  @BeforeEach
  void start() {
    running = new RunningController(Map.of(), clock);
    KnownCalls.all().forEach(running::record);
  }

  @AfterEach
  void stop() {
    running.close();
  }

  @Test
  void pipe_getsOneDocumentALineAndItsEndEndsTheWatch() throws Exception {
    Process watch = watching(List.of(), "edges", "--watch=1", "-o", "json");
    try (BufferedReader lines = watch.inputReader(StandardCharsets.UTF_8)) {
      for (int i = 0; i < 2; i++) {
        assertThat(new ObjectMapper().readTree(lines.readLine()).get("edges")).hasSize(4);
        assertThat(lines.readLine()).isEmpty();
      }
    }
    assertThat(watch.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(watch.exitValue()).isZero();
  }

  @Test
  void pipe_getsTheTableWithoutControlCharacters() throws Exception {
    Process watch = watching(List.of(), "edges", "-w=1");
    try (BufferedReader lines = watch.inputReader(StandardCharsets.UTF_8)) {
      for (int i = 0; i < 2; i++) {
        for (String line : once("edges")) {
          assertThat(lines.readLine()).isEqualTo(line).doesNotContain(ESCAPE, "\r");
        }
        assertThat(lines.readLine()).isEmpty();
      }
    } finally {
      watch.destroy();
    }
    assertThat(watch.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void aCommand_loadsNothingOfTheControllers() throws Exception {
    Path log = directory.resolve("classes");
    Process once = watching(List.of("-Xlog:class+load:file=" + log), "edges");
    assertThat(once.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(once.exitValue()).isZero();
    assertThat(Files.readString(log))
        .contains("dev.sidelight.controller.cli.EdgesCommand")
        .doesNotContain(
            " io.vertx.",
            " io.netty.",
            " io.prometheus.",
            " io.grpc.",
            " com.google.",
            " org.slf4j.",
            " ch.qos.",
            " org.yaml.",
            " dev.sidelight.correlator.",
            " dev.sidelight.controller.Controller ");
  }

  @Test
  void terminal_isRedrawnFollowsItsWidthAndIsLeftAsItWas() throws Exception {
    try (Tmux tmux = new Tmux(directory)) {
      tmux.type("echo before");
      // What is typed ahead of the shell's prompt would stand beside it, and be broken by the
      // width.
      await()
          .atMost(PATIENCE)
          .until(() -> tmux.screen().lines().anyMatch(line -> line.equals("before")));
      tmux.type(watchScript() + "; echo left by $?");
      await().atMost(PATIENCE).until(() -> tmux.screen().contains("productpage-v1 -> reviews-v1"));
      assertThat(tmux.state()).isEqualTo("alternate=1 cursor=0");
      assertThat(tmux.screen()).doesNotContain("before").startsWith("edge ");
      assertThat(tmux.screenWithColors()).contains(ESCAPE + "[1m").contains(ESCAPE + "[35m");
      assertThat(tmux.screen()).contains("  0.5  ");

      clock.advanceSeconds(45);
      await().atMost(PATIENCE).until(() -> !tmux.screen().contains("  0.5  "));

      tmux.resize(60);
      await()
          .atMost(PATIENCE)
          .until(
              () ->
                  tmux.screen().lines().allMatch(line -> line.length() <= 60)
                      && tmux.screen().contains("~"));
      assertThat(tmux.screen().lines().filter(line -> line.contains("~"))).hasSize(4);

      tmux.interrupt();
      await().atMost(PATIENCE).until(() -> tmux.screen().contains("left by 130"));
      assertThat(tmux.state()).isEqualTo("alternate=0 cursor=1");
      assertThat(tmux.screen().lines()).contains("before");
      assertThat(tmux.screen()).doesNotContain("reviews-v1 ");
    }
  }

  @Test
  void terminal_saysWhenTheControllerIsGoneAndGoesOnWhenItIsBack() throws Exception {
    try (Tmux tmux = new Tmux(directory)) {
      tmux.type(watchScript());
      await().atMost(PATIENCE).until(() -> tmux.screen().contains("productpage-v1 -> reviews-v1"));
      int port = running.controller().httpPort();
      running.close();
      await().atMost(PATIENCE).until(() -> tmux.screen().contains("cannot be reached"));
      running = new RunningController(Map.of(Setting.HTTP_PORT, Integer.toString(port)), clock);
      await().atMost(PATIENCE).until(() -> tmux.screen().contains("No calls in the last 60s"));
    }
  }

  /** A terminal takes no line as long as a class path. */
  private String watchScript() throws IOException {
    List<String> command =
        SidelightProcess.command(List.of(), "edges", "--watch=1", "--url", url());
    return "sh "
        + Files.writeString(directory.resolve("watch"), "exec " + String.join(" ", command) + "\n");
  }

  private List<String> once(String command) throws IOException, InterruptedException {
    Process once = watching(List.of(), command);
    String out = new String(once.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(once.waitFor()).isZero();
    return out.lines().toList();
  }

  private Process watching(List<String> jvmOptions, String... args) throws IOException {
    List<String> command = new ArrayList<>(SidelightProcess.command(jvmOptions, args));
    command.addAll(List.of("--url", url()));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  private String url() {
    return "http://127.0.0.1:" + running.controller().httpPort();
  }
}
