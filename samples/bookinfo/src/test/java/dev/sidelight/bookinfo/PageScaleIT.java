/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.bookinfo;

import static dev.sidelight.bookinfo.PageElements.EDGE_PANEL;
import static dev.sidelight.bookinfo.PageElements.EDGE_ROW;
import static dev.sidelight.bookinfo.PageElements.GRAPH;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page with 500 workloads, which a controller has learned from their access logs. */
class PageScaleIT {

  private static final int WORKLOADS = 500;
  private static final int UPDATES = 4;
  private static final double FRAME_P95_MILLIS = 100;
  private static final double FRAME_MAX_MILLIS = 1000;
  private static final double MAIN_THREAD_SHARE = 0.5;

  @TempDir private Path directory;

  /** What passed in the page meanwhile. */
  private record Measured(double seconds, double mainThreadSeconds, JsonNode frames) {}

  @Test
  void fiveHundredNodes_areUsable() throws IOException {
    try (ControllerProcess controller = ControllerProcess.start(directory);
        ManyWorkloads workloads = ManyWorkloads.sendTo(controller.alsPort(), WORKLOADS);
        Browser browser =
            new Browser(controller.api().controllerPort(), directory.resolve("netlog.json"))) {
      await("every edge is told")
          .atMost(Duration.ofSeconds(30))
          .until(() -> controller.api().edges(60).size() == workloads.edges());
      long opened = System.nanoTime();
      browser.open("/#window=60s");
      awaitDrawn(browser, workloads.edges());
      System.out.printf(
          "%d nodes, %d edges drawn after %.1f s%n",
          WORKLOADS, workloads.edges(), (System.nanoTime() - opened) / 1e9);

      browser.devTools("Performance.enable", Map.of("timeDomain", "threadTicks"));
      assertThatItIsFluent("updated", measure(browser, () -> awaitUpdates(browser)));
      int updates = updates(browser);
      assertThatItIsFluent(
          "updated and dragged",
          measure(browser, () -> browser.drag(GRAPH, () -> updates(browser) < updates + UPDATES)));
      browser.shown(EDGE_ROW).click();
      browser.shown(EDGE_PANEL);
      browser.screenshot("500-nodes");
      assertThat(browser.complaints()).isEmpty();
    }
  }

  private static void assertThatItIsFluent(String what, Measured measured) {
    System.out.printf(
        "%s %d times in %.1f s: main thread %.2f s, milliseconds from frame to frame %s%n",
        what, UPDATES, measured.seconds, measured.mainThreadSeconds, measured.frames);
    assertThat(measured.frames.get("p95").asDouble()).as(what).isLessThan(FRAME_P95_MILLIS);
    assertThat(measured.frames.get("max").asDouble()).as(what).isLessThan(FRAME_MAX_MILLIS);
    assertThat(measured.mainThreadSeconds / measured.seconds)
        .as(what)
        .isLessThan(MAIN_THREAD_SHARE);
  }

  private static Measured measure(Browser browser, Runnable meanwhile) {
    double mainThreadSeconds = mainThreadSeconds(browser);
    long since = System.nanoTime();
    browser.script("frames.start()");
    meanwhile.run();
    JsonNode frames = browser.script("frames.stop()");
    return new Measured(
        (System.nanoTime() - since) / 1e9, mainThreadSeconds(browser) - mainThreadSeconds, frames);
  }

  private static void awaitDrawn(Browser browser, int edges) {
    await("all is drawn")
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(100))
        .ignoreExceptions()
        .untilAsserted(
            () ->
                assertThat(
                        browser
                            .script(
                                "[core('graph').nodes('[^group]').length, core('graph').edges().length]")
                            .toString())
                    .isEqualTo("[%d,%d]".formatted(WORKLOADS, edges)));
  }

  private static void awaitUpdates(Browser browser) {
    int before = updates(browser);
    await("the page is updated")
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(500))
        .until(() -> updates(browser) >= before + UPDATES);
  }

  private static int updates(Browser browser) {
    return browser.script("answers.counts['/api/v1/edges'] ?? 0").asInt();
  }

  /** CPU time of the page's main thread since its start. */
  private static double mainThreadSeconds(Browser browser) {
    List<?> metrics = (List<?>) browser.devTools("Performance.getMetrics", Map.of()).get("metrics");
    return metrics.stream()
        .map(metric -> (Map<?, ?>) metric)
        .filter(metric -> metric.get("name").equals("TaskDuration"))
        .mapToDouble(metric -> ((Number) metric.get("value")).doubleValue())
        .findFirst()
        .orElseThrow();
  }
}
