/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.bookinfo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * The walkthrough of README.md for this machine, as its reader goes it: each command is typed as it
 * stands there, each address opened in a real Chromium, and what is shown compared with what the
 * page says, word by word; figures are a run's own.
 */
@ExtendWith(LocalMesh.class)
@MeshVariant(absent = true)
class WalkthroughIT {

  private static final Path PAGE = Path.of("README.md");
  private static final Path TOP = Path.of("..", "..");
  private static final int CONTROLLER_PORT = 8090;
  private static final Duration COMMAND_PATIENCE = Duration.ofSeconds(150);
  private static final Duration PAGE_PATIENCE = Duration.ofSeconds(30);

  @TempDir private Path directory;

  @Test
  void thisMachine_showsWhatTheReadmeSays() throws Exception {
    List<WalkthroughStep> steps =
        WalkthroughStep.of(Files.readAllLines(PAGE), "## On this machine");
    assertThat(steps).extracting(WalkthroughStep::kind).contains(WalkthroughStep.Kind.values());
    try (Shell shell = new Shell(TOP, directory);
        Browser browser = new Browser(CONTROLLER_PORT, directory.resolve("netlog.json"))) {
      assertThat(shell.run("samples/bookinfo/local/mesh status", COMMAND_PATIENCE).output())
          .as("a mesh of somebody's: make down")
          .isEqualTo("the mesh is down\n");
      try {
        for (WalkthroughStep step : steps) {
          System.out.printf("README.md:%d: %s%n", step.line(), step.input());
          switch (step.kind()) {
            case COMMAND -> type(shell, step);
            case PAGE -> open(browser, step);
          }
        }
      } finally {
        shell.run("samples/bookinfo/local/mesh down", COMMAND_PATIENCE);
      }
    }
  }

  private static void type(Shell shell, WalkthroughStep step) throws InterruptedException {
    Shell.Result result = shell.run(step.input(), COMMAND_PATIENCE);
    System.out.print(result.output());
    assertThat(result.exitCode() == 0 && step.output().matcher(result.output()).matches())
        .as(
            "README.md:%d: %s%n--- expected:%n%s%n--- exit code %d:%n%s",
            step.line(),
            step.input(),
            String.join("\n", step.expected()),
            result.exitCode(),
            result.output())
        .isTrue();
  }

  private static void open(Browser browser, WalkthroughStep step) {
    browser.open(step.input());
    await("README.md:%d: %s".formatted(step.line(), step.input()))
        .atMost(PAGE_PATIENCE)
        .pollInterval(Duration.ofMillis(100))
        .untilAsserted(
            () -> {
              String text = browser.script("document.body.innerText").asText();
              for (Pattern expected : step.texts()) {
                assertThat(text).containsPattern(expected);
              }
            });
    assertThat(browser.complaints()).isEmpty();
    browser.screenshot("walkthrough-" + step.line());
  }
}
