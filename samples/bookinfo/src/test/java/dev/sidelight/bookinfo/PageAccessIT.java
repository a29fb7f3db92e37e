/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.bookinfo;

import static dev.sidelight.bookinfo.PageElements.COMPONENT;
import static dev.sidelight.bookinfo.PageElements.EDGE_PANEL;
import static dev.sidelight.bookinfo.PageElements.EDGE_ROW;
import static dev.sidelight.bookinfo.PageElements.NAMESPACE;
import static dev.sidelight.bookinfo.PageElements.SEARCH;
import static dev.sidelight.bookinfo.PageElements.SLOW_CALL;
import static dev.sidelight.bookinfo.PageElements.THEME;
import static dev.sidelight.bookinfo.PageElements.WINDOW;
import static dev.sidelight.bookinfo.PageElements.between;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/** The page for whoever uses no pointer, a reader of screens, or dark colours. */
@ExtendWith(LocalMesh.class)
class PageAccessIT {

  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Set<String> NEED_NAMES =
      Set.of("button", "link", "combobox", "searchbox", "textbox", "checkbox", "img");

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
  void keyboardAlone_isEnough() {
    browser.open("/#window=60s");
    browser.shown(EDGE_ROW);
    // Pauses, so that no row gives its place to another.
    browser.press("p");
    WebElement worst = browser.tabTo(EDGE_ROW, 25);
    assertThat(worst.getText()).isEqualTo(browser.all(EDGE_ROW).get(0).getText());
    String source = worst.getDomAttribute("data-source");
    browser.press(Keys.ENTER);
    browser.shown(EDGE_PANEL, "[data-source='" + source + "']");
    browser.press(Keys.ESCAPE);
    browser.awaitGone(EDGE_PANEL);
    browser.press("p");

    browser.press("j");
    assertThat(browser.focused().getDomAttribute("data-testid")).isEqualTo(EDGE_ROW);

    browser.press("/");
    assertThat(browser.focused().getDomAttribute("data-testid")).isEqualTo(SEARCH);
    browser.press("ratings");
    await("the list is what was searched for")
        .atMost(PATIENCE)
        .until(
            () ->
                browser.all(EDGE_ROW).size()
                    == browser.all(EDGE_ROW, "[data-destination='bookinfo/ratings-v1']").size());
    assertThat(browser.all(EDGE_ROW)).hasSize(2);
    browser.press(Keys.chord(Keys.CONTROL, "a"), Keys.BACK_SPACE);
    await("the list is whole again")
        .atMost(PATIENCE)
        .until(() -> browser.all(EDGE_ROW).size() > Bookinfo.EDGES.size());

    browser.tabTo(NAMESPACE, 3);
    browser.tabTo(WINDOW, 3);
    browser.press(Keys.ARROW_DOWN);
    await("the page asks for the other window")
        .atMost(PATIENCE)
        .until(
            () -> browser.script("answers.urls['/api/v1/edges']").asText().contains("window=5m"));
  }

  /** Each element that has the focus shows it, and each that can be operated has a name. */
  @Test
  void assistiveTechnology_findsItsWay() {
    browser.open("/#window=60s");
    browser.shown(EDGE_ROW, between("productpage-v1", "details-v1")).click();
    browser.shown(SLOW_CALL);
    List<JsonNode> nodes = browser.accessibilityTree();
    Set<String> roles = new TreeSet<>();
    for (JsonNode node : nodes) {
      String role = node.at("/role/value").asText();
      roles.add(role);
      if (NEED_NAMES.contains(role)) {
        assertThat(node.at("/name/value").asText()).as("name of %s", node).isNotBlank();
      }
    }
    assertThat(roles).contains("main", "banner", "heading", "searchbox", "combobox", "link");
    assertThat(browser.script("document.documentElement.lang").asText()).isEqualTo("en");
    for (int i = 0; i < 12; i++) {
      browser.press(Keys.TAB);
      assertThat(
              browser
                  .script(
                      "getComputedStyle(document.activeElement).outlineStyle + ' ' + getComputedStyle(document.activeElement).boxShadow")
                  .asText())
          .as("focus on %s", browser.focused().getDomProperty("outerHTML"))
          .isNotEqualTo("none none");
    }
  }

  @Test
  void dark_isReadable() {
    for (String scheme : List.of("light", "dark")) {
      browser.prefers(scheme);
      browser.open("/#window=60s");
      browser.shown(EDGE_ROW, between("productpage-v1", "details-v1")).click();
      browser.shown(COMPONENT);
      assertThatTextIsReadable(scheme);
      browser.screenshot(scheme);
    }
    double dark = luminanceOfPage();
    browser.shown(THEME).click();
    assertThat(luminanceOfPage()).isGreaterThan(0.7);
    assertThat(dark).isLessThan(0.1);
    browser.open("/");
    browser.shown(EDGE_ROW);
    assertThat(luminanceOfPage()).as("what was chosen is kept").isGreaterThan(0.7);
    browser.script("localStorage.clear()");
    browser.prefers("light");
  }

  /** Contrast of all text with what is behind it, by the rule of WCAG 2, level AA. */
  private static void assertThatTextIsReadable(String scheme) {
    assertThat(browser.script("unreadable()")).as("in the %s theme", scheme).isEmpty();
  }

  private static double luminanceOfPage() {
    return browser.script("luminance(getComputedStyle(document.body).backgroundColor)").asDouble();
  }
}
