/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.bookinfo;

import static dev.sidelight.bookinfo.PageElements.CLOSE;
import static dev.sidelight.bookinfo.PageElements.COMPONENT;
import static dev.sidelight.bookinfo.PageElements.COVERAGE;
import static dev.sidelight.bookinfo.PageElements.EDGE_PANEL;
import static dev.sidelight.bookinfo.PageElements.EDGE_ROW;
import static dev.sidelight.bookinfo.PageElements.EMPTY;
import static dev.sidelight.bookinfo.PageElements.NAMESPACE;
import static dev.sidelight.bookinfo.PageElements.SEARCH;
import static dev.sidelight.bookinfo.PageElements.SLOW_CALL;
import static dev.sidelight.bookinfo.PageElements.TOTAL;
import static dev.sidelight.bookinfo.PageElements.VERDICT;
import static dev.sidelight.bookinfo.PageElements.WATERFALL;
import static dev.sidelight.bookinfo.PageElements.WATERFALL_BAR;
import static dev.sidelight.bookinfo.PageElements.WINDOW;
import static dev.sidelight.bookinfo.PageElements.between;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openqa.selenium.WebElement;

/**
 * The page's view of the mesh in a real Chromium, while the local mesh has traffic: what it shows
 * is what the API says, by pointer and by keyboard.
 */
@ExtendWith(LocalMesh.class)
class PageIT {

  private static final int FAULT_MILLIS = 150;

  /** In the mean of a minute's calls; without a fault it is less on a busy machine too. */
  private static final double SEEN_MILLIS = 10;

  private static final Duration FAULT_SHOWS_WITHIN = Duration.ofSeconds(10);
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration POLL = Duration.ofMillis(100);
  private static final List<String> FIGURES = List.of("mean", "p50", "p95", "p99");
  private static final double ABSENT = -1;
  private static final String TO_DETAILS = between("productpage-v1", "details-v1");
  private static final String TO_REVIEWS = between("productpage-v1", "reviews-v3");

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
  void graph_isTheApis() {
    browser.open("/#window=60s");
    Set<String> expected = new TreeSet<>(Bookinfo.EDGES);
    await("nodes and edges are those of the answer")
        .atMost(PATIENCE)
        .pollInterval(POLL)
        .untilAsserted(
            () -> {
              JsonNode both =
                  browser.script(
                      """
                      {
                        answer: answers['/api/v1/edges'],
                        nodes: core('graph').nodes('[^group]').map(node => node.id()),
                        edges: core('graph').edges('[^idle]').map(edge => edge.source().id() + '->' + edge.target().id()),
                      }""");
              Set<String> nodes = new TreeSet<>();
              Set<String> edges = new TreeSet<>();
              for (JsonNode edge : both.at("/answer/edges")) {
                nodes.add(id(edge.get("source")));
                nodes.add(id(edge.get("destination")));
                edges.add(id(edge.get("source")) + "->" + id(edge.get("destination")));
              }
              assertThat(texts(both.get("nodes"))).isEqualTo(nodes);
              assertThat(texts(both.get("edges"))).isEqualTo(edges);
              assertThat(edges.toString().replaceAll("[a-z-]+/", "")).contains(expected);
            });
    assertThat(browser.all(EDGE_ROW)).hasSizeGreaterThan(Bookinfo.EDGES.size());
    browser.screenshot("graph");
  }

  /** By what the page was answered last, since the window moves with each second. */
  @Test
  void edge_opensWithTheApisFigures() {
    browser.open("/#window=60s");
    browser.shown(EDGE_ROW, TO_DETAILS).click();
    browser.shown(EDGE_PANEL, TO_DETAILS);
    browser.shown(COMPONENT, "[data-component=application]");
    JsonNode both =
        browser.script(
            """
            {
              url: answers.urls['/api/v1/edges'],
              edge: answers['/api/v1/edges'].edges.find(edge => edge.source.workload === 'productpage-v1' && edge.destination.workload === 'details-v1'),
              total: {...document.querySelector('[data-testid=total]').dataset},
              coverage: {...document.querySelector('[data-testid=coverage]').dataset},
              components: [...document.querySelectorAll('[data-testid=component]')].map(row => ({...row.dataset, mean: row.querySelector('td').textContent})),
              bar: [...document.querySelectorAll('[data-testid=edge-panel] rect[data-component]')].map(part => ({component: part.dataset.component, width: part.getBoundingClientRect().width})),
            }""");
    JsonNode edge = both.get("edge");
    assertThat(both.get("url").asText()).contains("window=60s");
    assertThatFiguresAre(both.get("total"), edge.get("total"));
    for (String kind : List.of("full", "alsOnly", "oneSided")) {
      assertThat(both.get("coverage").path(kind).asLong())
          .isEqualTo(edge.get("coverage").path(kind).asLong());
    }
    Map<String, JsonNode> rows = new HashMap<>();
    both.get("components").forEach(row -> rows.put(row.get("component").asText(), row));
    assertThat(rows).containsOnlyKeys(keys(edge.get("components")));
    rows.forEach(
        (component, row) -> {
          JsonNode figures = edge.get("components").get(component);
          assertThatFiguresAre(row, figures);
          assertThat(seconds(row.get("mean").asText()))
              .as(component)
              .isCloseTo(
                  figures.get("meanSeconds").asDouble(),
                  within(0.5e-6 + 0.006 * figures.get("meanSeconds").asDouble()));
        });
    assertThatBarIsToScale(both.get("bar"), edge);
    assertThat(browser.shown(VERDICT).getDomAttribute("data-verdict")).isNotEmpty();
    browser.shown(TOTAL);
    browser.shown(COVERAGE);
    browser.screenshot("edge");
  }

  @Test
  void slowestCall_isDrawnAsTheApiHasIt(SidelightApi api) {
    browser.open("/#window=60s");
    browser.shown(EDGE_ROW, TO_REVIEWS).click();
    WebElement slowest = browser.shown(SLOW_CALL);
    String requestId = slowest.getDomAttribute("data-request-id");
    slowest.click();
    browser.shown(WATERFALL, "[data-request-id='" + requestId + "']");
    Call call =
        api.callsOf(requestId).stream()
            .filter(each -> each.edge().equals("productpage-v1->reviews-v3"))
            .findFirst()
            .orElseThrow();
    Map<String, Long> drawn = new HashMap<>();
    for (WebElement bar : browser.all(WATERFALL_BAR)) {
      drawn.put(
          bar.getDomAttribute("data-component"), Long.valueOf(bar.getDomAttribute("data-nanos")));
    }
    assertThat(drawn).isEqualTo(call.components());
    assertThat(drawn.values().stream().mapToLong(Long::longValue).sum())
        .isEqualTo(call.json().get("totalNanos").asLong());
    assertThat(browser.script("stickingOut('panel')")).as("beyond the panel's edge").isEmpty();
    browser.screenshot("waterfall");
  }

  @ParameterizedTest
  @CsvSource({
    "app-sleep, details-v1, application, application",
    "sidecar-delay-inbound, reviews-v3, sidecar, destination_sidecar",
  })
  void fault_showsAsItsOwn(
      String kind, String workload, String verdict, String component, LocalMesh mesh)
      throws Exception {
    String edge = between("productpage-v1", workload);
    browser.open("/#window=60s");
    browser.shown(EDGE_ROW, edge).click();
    browser.shown(EDGE_PANEL, edge);
    browser.shown(COMPONENT, "[data-component=" + component + "]");
    await("nothing of an earlier fault is in the window")
        .atMost(Duration.ofSeconds(75))
        .pollInterval(POLL)
        .until(() -> meanMillis(component) < SEEN_MILLIS);
    mesh.run("fault", kind, workload, "" + FAULT_MILLIS);
    try {
      long since = System.nanoTime();
      await(kind + " shows")
          .atMost(FAULT_SHOWS_WITHIN)
          .pollInterval(POLL)
          .until(() -> meanMillis(component) > SEEN_MILLIS && isVerdict(verdict, component));
      System.out.printf("%s shows after %.1f s%n", kind, (System.nanoTime() - since) / 1e9);
      browser.shown(EDGE_ROW, edge + "[data-verdict=" + verdict + "]");
      browser.screenshot(kind);
    } finally {
      mesh.run("fault", "clear");
    }
  }

  private static double meanMillis(String component) {
    String row = "[data-testid=component][data-component=" + component + "]";
    return 1e3
        * browser
            .script("document.querySelector(arguments[0])?.dataset.meanSeconds", row)
            .asDouble();
  }

  private static boolean isVerdict(String verdict, String component) {
    return !browser
        .all(VERDICT, "[data-verdict=" + verdict + "][data-component=" + component + "]")
        .isEmpty();
  }

  @Test
  void link_restoresTheView() {
    browser.open("/#window=60s");
    browser.shown(SEARCH).sendKeys("details");
    browser.choose(WINDOW, "15s");
    browser.choose(NAMESPACE, "bookinfo");
    browser.shown(EDGE_ROW, TO_DETAILS).click();
    browser.shown(SLOW_CALL).click();
    browser.shown(WATERFALL);
    String requestId = browser.shown(WATERFALL).getDomAttribute("data-request-id");
    String link = browser.location();

    browser.open(link);
    browser.shown(EDGE_PANEL, TO_DETAILS);
    browser.shown(WATERFALL, "[data-request-id='" + requestId + "']");
    assertThat(browser.shown(SEARCH).getDomProperty("value")).isEqualTo("details");
    assertThat(browser.shown(WINDOW).getDomProperty("value")).isEqualTo("15s");
    assertThat(browser.shown(NAMESPACE).getDomProperty("value")).isEqualTo("bookinfo");
    assertThat(browser.all(EDGE_ROW)).hasSize(1);

    browser.shown(CLOSE).click();
    browser.awaitGone(EDGE_PANEL);
    browser.back();
    browser.shown(EDGE_PANEL, TO_DETAILS);
  }

  @Test
  void emptyMesh_saysWhatIsMissing() throws Exception {
    try (ControllerProcess controller = ControllerProcess.start(directory);
        Browser other =
            new Browser(controller.api().controllerPort(), directory.resolve("empty.json"))) {
      other.open("/");
      Set<String> problems = new TreeSet<>();
      for (JsonNode problem : controller.api().status().get("problems")) {
        problems.add(problem.get("code").asText());
        other.shown(EMPTY, " [data-code='" + problem.get("code").asText() + "']");
        assertThat(other.shown(EMPTY).getText()).contains(problem.get("fix").asText());
      }
      assertThat(problems).contains("no_als_stream", "no_probe");
      assertThat(other.complaints()).isEmpty();
      other.screenshot("empty");
    }
  }

  /** From its start to its end, by its own account of every connection. */
  @Test
  void nothing_leavesTheMachine(SidelightApi api) throws IOException {
    Path file = directory.resolve("whole.json");
    try (Browser other = new Browser(api.controllerPort(), file)) {
      other.open("/#window=60s");
      other.shown(EDGE_ROW, TO_DETAILS).click();
      other.shown(SLOW_CALL).click();
      other.shown(WATERFALL);
      other.open("/#view=pods");
      other.shown(PageElements.POD_ROW).click();
      other.shown(PageElements.POD_PANEL);
    }
    NetLog log = NetLog.read(file);
    assertThat(log.askedByPages()).hasSizeGreaterThan(10);
    assertThat(log.askedByPages())
        .allSatisfy(url -> assertThat(url).startsWith(browser.origin() + "/"));
    assertThat(log.connected()).containsExactly("127.0.0.1:" + api.controllerPort());
    assertThat(log.datagrams()).isZero();
    assertThat(log.lookUps()).isEmpty();
  }

  private static void assertThatFiguresAre(JsonNode shown, JsonNode figures) {
    for (String figure : FIGURES) {
      assertThat(shown.path(figure + "Seconds").asDouble(ABSENT))
          .as("%s of %s", figure, shown)
          .isEqualTo(figures.path(figure + "Seconds").asDouble(ABSENT));
    }
  }

  private static void assertThatBarIsToScale(JsonNode bar, JsonNode edge) {
    double width = 0;
    double seconds = 0;
    for (JsonNode part : bar) {
      width += part.get("width").asDouble();
      seconds += contribution(edge, part.get("component").asText());
    }
    assertThat(width).isGreaterThan(100);
    for (JsonNode part : bar) {
      assertThat(part.get("width").asDouble() / width)
          .as("%s of %s", part, bar)
          .isCloseTo(contribution(edge, part.get("component").asText()) / seconds, within(0.01));
    }
  }

  /** Seconds of a component in the mean of all calls of the edge. */
  private static double contribution(JsonNode edge, String component) {
    JsonNode figures = edge.get("components").get(component);
    return figures.get("meanSeconds").asDouble()
        * figures.get("count").asDouble()
        / edge.at("/total/count").asDouble();
  }

  private static String id(JsonNode workload) {
    return workload.get("namespace").asText() + "/" + workload.get("workload").asText();
  }

  private static Set<String> keys(JsonNode object) {
    Set<String> keys = new TreeSet<>();
    object.fieldNames().forEachRemaining(keys::add);
    return keys;
  }

  private static Set<String> texts(JsonNode array) {
    Set<String> texts = new TreeSet<>();
    StreamSupport.stream(array.spliterator(), false).forEach(each -> texts.add(each.asText()));
    return texts;
  }

  /** Reads a duration as the page writes it, 870 µs or 1.52 ms. */
  private static double seconds(String shown) {
    int space = shown.indexOf(' ');
    double value = Double.parseDouble(shown.substring(0, space));
    return switch (shown.substring(space + 1)) {
      case "µs" -> value / 1e6;
      case "ms" -> value / 1e3;
      default -> value;
    };
  }
}
