/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.bookinfo;

import static dev.sidelight.bookinfo.PageElements.LINE_PANEL;
import static dev.sidelight.bookinfo.PageElements.LINE_ROW;
import static dev.sidelight.bookinfo.PageElements.POD_PANEL;
import static dev.sidelight.bookinfo.PageElements.POD_ROW;
import static dev.sidelight.bookinfo.PageElements.PROFILE;
import static dev.sidelight.bookinfo.PageElements.PROFILE_END;
import static dev.sidelight.bookinfo.PageElements.PROFILE_HEADERS;
import static dev.sidelight.bookinfo.PageElements.PROFILE_SAMPLED;
import static dev.sidelight.bookinfo.PageElements.PROFILE_START;
import static dev.sidelight.bookinfo.PageElements.SAMPLE;
import static dev.sidelight.bookinfo.PageElements.SIDE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/** The page's view of pods in a real Chromium: a profile that a person starts there. */
@ExtendWith(LocalMesh.class)
class PodPageIT {

  private static final Duration PROCESSES_SHOW_WITHIN = Duration.ofSeconds(10);
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration POLL = Duration.ofMillis(100);

  @TempDir private static Path directory;

  // state
  private static Traffic traffic;
  private static Browser browser;

  @BeforeAll
  static void start(LocalMesh mesh, SidelightApi api) {
    traffic = Traffic.start(mesh, api);
    browser = new Browser(api.controllerPort(), directory.resolve("netlog.json"));
  }

  @AfterAll
  static void stop() {
    browser.close();
    traffic.close();
  }

  @AfterEach
  void nothingWentWrongMeanwhile() {
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void profile_drawsThePodsProcessesWithinSeconds(LocalMesh mesh) {
    browser.open("/#view=pods");
    WebElement row = browser.shown(POD_ROW, "[data-pod*='productpage-v1']");
    row.click();
    browser.shown(POD_PANEL, "[data-pod='" + row.getDomAttribute("data-pod") + "']");
    browser.shown(PROFILE_SAMPLED).click();
    browser.shown(PROFILE_HEADERS).sendKeys("user-agent");
    browser.shown(PROFILE_START).click();
    long since = System.nanoTime();
    await("the pod's processes are drawn")
        .atMost(PROCESSES_SHOW_WITHIN)
        .pollInterval(POLL)
        .ignoreExceptions()
        .untilAsserted(
            () ->
                assertThat(drawn("label"))
                    .anyMatch(isLike("envoy.*"))
                    .anyMatch(isLike("python3.*")));
    System.out.printf("processes show after %.1f s%n", (System.nanoTime() - since) / 1e9);
    await("all that the probe has told is drawn")
        .atMost(PATIENCE)
        .pollInterval(POLL)
        .untilAsserted(
            () -> {
              JsonNode profile = answer("/api/v1/profiles/[^/]+");
              List<String> nodes = new ArrayList<>();
              for (String kind : List.of("processes", "remotes")) {
                profile.at("/topology/" + kind).forEach(node -> nodes.add(node.get("id").asText()));
              }
              assertThat(drawn("id")).containsAll(nodes);
              assertThat(profile.at("/topology/remotes").findValuesAsText("name"))
                  .as("what is outside")
                  .doesNotContain("productpage-v1");
              assertThat(drawn("label")).anyMatch(isLike("details-v1.*"));
              assertThat(browser.all(LINE_ROW)).hasSize(profile.at("/topology/lines").size());
            });
    browser.screenshot("pod");
    openLineBetweenSidecarAndApp();
    failARequest(mesh);
    browser.shown(PROFILE, "[data-state=running]");
    browser.shown(PROFILE_END).click();
    browser.shown(PROFILE, "[data-state=ended]");
  }

  private static void openLineBetweenSidecarAndApp() {
    WebElement line =
        browser.all(LINE_ROW).stream()
            .filter(each -> each.getText().contains("python3"))
            .findFirst()
            .orElseThrow();
    String id = line.getDomAttribute("data-line");
    line.sendKeys(Keys.ENTER);
    browser.shown(LINE_PANEL, "[data-line='" + id + "']");
    browser.shown(SIDE, "[data-side=client]");
    browser.shown(SIDE, "[data-side=server]");
    await("both sides have values")
        .atMost(PATIENCE)
        .pollInterval(POLL)
        .until(
            () -> {
              JsonNode series = answer("/api/v1/profiles/.*/lines/.*");
              return series.path("client").size() > 2 && series.path("server").size() > 2;
            });
    browser.screenshot("line");
    browser.press(Keys.ESCAPE);
    browser.awaitGone(LINE_PANEL);
  }

  private static void failARequest(LocalMesh mesh) {
    mesh.run("traffic", "5", "1", "--path", "/nowhere", "--allow-errors");
    browser.shown(SAMPLE, "[data-why=clientError][data-status='404']");
    assertThat(answer("/api/v1/profiles/.*/samples").findValues("name").toString())
        .contains("user-agent");
  }

  private static List<String> drawn(String data) {
    List<String> values = new ArrayList<>();
    browser
        .script("core('topology').nodes().map(node => node.data(arguments[0]) ?? '')", data)
        .forEach(value -> values.add(value.asText()));
    return values;
  }

  /** What the page was answered last where the whole path is like that. */
  private static JsonNode answer(String path) {
    return browser.script(
        "answers[Object.keys(answers).find(path => new RegExp('^' + arguments[0] + '$').test(path))] ?? {}",
        path);
  }

  private static Predicate<String> isLike(String regex) {
    return Pattern.compile(regex, Pattern.DOTALL).asMatchPredicate();
  }
}
