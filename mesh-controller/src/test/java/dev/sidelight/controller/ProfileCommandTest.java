/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sidelight.controller.cli.CapturedTerminal;
import dev.sidelight.hop.v1.PodTask;
import dev.sidelight.hop.v1.ProfileState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Pods and profiles of the whole controller, to which a probe of the test's is connected. */
class ProfileCommandTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String TOKEN = "correct-horse-battery-staple";

  @TempDir Path directory;

  private RunningController running;
  private ProfilingProbe probe;

  private void start(Map<Setting, String> settings) {
    running = new RunningController(settings);
    probe = new ProfilingProbe(running.hops());
    await().atMost(PATIENCE).until(() -> running.getJson("/api/v1/pods").at("/pods").size() == 2);
  }

  @AfterEach
  void stop() {
    probe.close();
    running.close();
  }

  @Test
  void pods_areTheGoldenInEachForm() {
    start(Map.of());
    for (String format : List.of("table", "json", "yaml")) {
      CapturedTerminal terminal = new CapturedTerminal(Map.of());
      assertThat(terminal.run("pods", "-o", format, "--url", url())).isZero();
      assertGolden(terminal.out(), "pods", format);
    }
    CapturedTerminal other = new CapturedTerminal(Map.of());
    assertThat(other.run("pods", "-n", "nowhere", "--url", url())).isZero();
    assertThat(other.out()).startsWith("No pod;");
  }

  @ParameterizedTest
  @CsvSource({"table", "json", "yaml"})
  void profile_isTheGoldenWhenItsTimeIsOver(String format) throws Exception {
    start(Map.of());
    CapturedTerminal terminal = new CapturedTerminal(Map.of());
    CompletableFuture<Integer> exit =
        CompletableFuture.supplyAsync(
            () ->
                terminal.run(
                    "profile",
                    "reviews-v1",
                    "--duration=90s",
                    "--errors",
                    "--slow=500ms",
                    "--header=user-agent",
                    "-o",
                    format,
                    "--url",
                    url()));
    PodTask task = probe.task();
    assertThat(task.getNetns()).isEqualTo(ProfilingProbe.REVIEWS);
    assertThat(task.getDurationSeconds()).isEqualTo(90);
    assertThat(task.getIntervalMillis()).isEqualTo(1_000);
    assertThat(task.getSampling().getSlowNanos()).isEqualTo(500_000_000);
    assertThat(task.getSampling().getHeaderValuesList()).containsExactly("user-agent");
    probe.report(task, 1, ProfileState.RUNNING, "");
    probe.report(task, 2, ProfileState.ENDED, "time");

    assertThat(exit.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).as(terminal.err()).isZero();
    assertThat(terminal.err())
        .matches("Profiling bookinfo/reviews-v1-5d4f for 90 s, as \\S+; Ctrl-C ends it.\n");
    assertGolden(withoutTimesAndIds(terminal.out()), "profile", format);
  }

  @Test
  void refusedProfile_saysWhy() throws Exception {
    start(Map.of());
    CapturedTerminal terminal = new CapturedTerminal(Map.of());
    CompletableFuture<Integer> exit =
        CompletableFuture.supplyAsync(
            () -> terminal.run("profile", "bookinfo/reviews-v1-5d4f", "--url", url()));
    probe.report(probe.task(), 1, ProfileState.REFUSED, "too_many_tasks");
    assertThat(exit.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo(1);
    assertThat(terminal.err()).contains("sidelight: the probe refuses it: too_many_tasks");
  }

  @Test
  void podThatIsNotThereOrIsSeveral_namesThose() {
    start(Map.of());
    assertFails(
        "no probe tells of a pod nobody; there are bookinfo/ratings-v1-77c8, bookinfo/reviews-v1-5d4f",
        "nobody");
  }

  @Test
  void wrongOrMissingToken_saysWhichIsWanted() throws Exception {
    start(Map.of(Setting.API_TOKEN, TOKEN));
    assertFails("the controller wants its API token for this", "reviews-v1");
    Path wrong = Files.writeString(directory.resolve("wrong"), "something else\n");
    assertFails(
        "the token of " + wrong + " is not the controller's",
        "reviews-v1",
        "--token-file",
        wrong.toString());

    Path right = Files.writeString(directory.resolve("right"), TOKEN + "\n");
    CapturedTerminal terminal = new CapturedTerminal(Map.of());
    CompletableFuture<Integer> exit =
        CompletableFuture.supplyAsync(
            () ->
                terminal.run(
                    "profile", "reviews-v1", "--token-file", right.toString(), "--url", url()));
    probe.report(probe.task(), 1, ProfileState.ENDED, "time");
    assertThat(exit.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).as(terminal.err()).isZero();
  }

  @Test
  void interrupt_endsTheProfileAndPrintsIt() throws Exception {
    start(Map.of());
    try (Tmux tmux = new Tmux(directory)) {
      tmux.type(
          SidelightProcess.script(directory, "profile", "reviews-v1", "--url", url())
              + "; echo left by $?");
      PodTask task = probe.task();
      probe.report(task, 1, ProfileState.RUNNING, "");
      await().atMost(PATIENCE).until(() -> tmux.screen().contains("envoy -> java:9080 http1"));
      assertThat(tmux.state()).isEqualTo("alternate=1 cursor=0");
      tmux.interrupt();
      assertThat(probe.endedTask()).isEqualTo(task.getTaskId());
      await().atMost(PATIENCE).until(() -> tmux.screen().contains("left by 130"));
      assertThat(tmux.state()).isEqualTo("alternate=0 cursor=1");
      assertThat(tmux.screen()).contains("envoy -> java:9080 http1", "Profiling bookinfo/");
    }
  }

  private void assertFails(String message, String... args) {
    CapturedTerminal terminal = new CapturedTerminal(Map.of());
    String[] all = new String[args.length + 3];
    all[0] = "profile";
    System.arraycopy(args, 0, all, 1, args.length);
    all[args.length + 1] = "--url";
    all[args.length + 2] = url();
    assertThat(terminal.run(all)).isEqualTo(1);
    assertThat(terminal.err()).startsWith("sidelight: " + message).hasLineCount(1);
  }

  private static String withoutTimesAndIds(String text) {
    return text.replaceAll("(?i)(epochMillis\"? ?: )\\d+", "$10")
        .replaceAll("(?m)^(  \"id\" : |id: )\"?[^\",\\n]+\"?", "$1TASK")
        .replaceAll("(profile\"? ?: )\"?[0-9a-f-]+\"?", "$1TASK");
  }

  private static void assertGolden(String text, String name, String format) {
    Golden.assertThatTextIs(text, "cli/" + name + "." + (format.equals("table") ? "txt" : format));
  }

  private String url() {
    return "http://127.0.0.1:" + running.controller().httpPort();
  }
}
