/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sidelight.controller.metrics.MetricsSettings;
import dev.sidelight.controller.metrics.TrafficMetrics;
import dev.sidelight.correlator.LatencyComponent;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.exporter.common.TextFormat;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real Prometheus that has what it would have scraped from a controller each half minute for the
 * last three hours: on one edge 30 calls a minute of 10 ms, on the other 12 of 3 ms, a third of
 * which fail.
 */
class HistoryPrometheusIT {

  private static final String PRODUCTPAGE = "source=bookinfo/productpage-v1";
  private static final String REVIEWS = "&destination=bookinfo/reviews-v1";
  private static final Pattern EXEMPLAR = Pattern.compile(" # \\{.*");
  private static final int SCRAPE_SECONDS = 30;
  private static final long HOURS_SECONDS = 3 * 3600;

  @TempDir private static Path directory;

  private static PrometheusProcess prometheus;
  private static RunningController controller;

  @BeforeAll
  static void start() throws Exception {
    prometheus = PrometheusProcess.withPast(directory, past());
    controller =
        new RunningController(Map.of(Setting.HISTORY_PROMETHEUS_URL, prometheus.url().toString()));
  }

  @AfterAll
  static void stop() {
    controller.close();
    prometheus.close();
  }

  private static String past() throws IOException {
    FakeClock clock = new FakeClock(0);
    CollectorRegistry registry = new CollectorRegistry();
    TrafficMetrics metrics =
        new TrafficMetrics(
            clock, new MetricsSettings(10, 8, 10, 86_400_000, false, false), registry);
    StringBuilder past = new StringBuilder();
    long now = Instant.now().getEpochSecond();
    for (long second = now - HOURS_SECONDS; second <= now; second += SCRAPE_SECONDS) {
      for (int i = 0; i < 30 * SCRAPE_SECONDS / 60; i++) {
        metrics.record(
            TestCalls.productpageToReviews()
                .taking(LatencyComponent.SOURCE_SIDECAR, 1_000_000)
                .taking(LatencyComponent.DESTINATION_SIDECAR, 1_000_000)
                .taking(LatencyComponent.APPLICATION, 8_000_000)
                .call());
      }
      for (int i = 0; i < 12 * SCRAPE_SECONDS / 60; i++) {
        metrics.record(
            TestCalls.between(TestCalls.REVIEWS_V2, TestCalls.RATINGS)
                .answered(i % 4 == 0 ? 0 : 200, "-")
                .taking(LatencyComponent.NETWORK, 3_000_000)
                .call());
      }
      append(past, registry, second);
    }
    return past.toString();
  }

  private static void append(StringBuilder past, CollectorRegistry registry, long epochSecond)
      throws IOException {
    StringWriter page = new StringWriter();
    TextFormat.writeOpenMetrics100(page, registry.metricFamilySamples());
    page.toString()
        .lines()
        .filter(line -> line.startsWith("sidelight_edge_"))
        .map(line -> EXEMPLAR.matcher(line).replaceFirst(""))
        .forEach(line -> past.append(line).append(' ').append(epochSecond).append('\n'));
  }

  @Test
  void edge_overTwoHours() throws Exception {
    JsonNode history = get("window=2h&step=10m&" + PRODUCTPAGE + REVIEWS, 200);
    assertThat(history.get("from").asText()).isEqualTo("prometheus");
    assertThat(history.get("windowSeconds").asInt()).isEqualTo(7200);
    assertThat(history.get("stepSeconds").asInt()).isEqualTo(600);
    assertThat(history.get("slices")).hasSize(12);
    for (int i = 0; i < 11; i++) {
      JsonNode slice = history.get("slices").get(i);
      assertThat(slice.get("epochMillis").asLong() % 600_000).isZero();
      assertThat(slice.get("requests").asLong()).isBetween(299L, 301L);
      assertThat(slice.get("errors").asLong()).isZero();
      assertThat(slice.at("/total/count").asLong()).isBetween(299L, 301L);
      assertThat(slice.at("/total/meanSeconds").asDouble()).isCloseTo(0.010, within(1e-6));
      // The bucket goes from 5 to 10 ms.
      assertThat(slice.at("/total/p50Seconds").asDouble()).isBetween(0.005, 0.010);
      assertThat(slice.at("/total/p99Seconds").asDouble())
          .isGreaterThan(slice.at("/total/p95Seconds").asDouble())
          .isBetween(0.0095, 0.010);
      assertThat(slice.get("rollups").fieldNames())
          .toIterable()
          .containsExactly("sidecar", "application");
      assertThat(slice.at("/rollups/sidecar/meanSeconds").asDouble())
          .isCloseTo(0.002, within(1e-6));
      assertThat(slice.get("components").fieldNames())
          .toIterable()
          .containsExactly("source_sidecar", "destination_sidecar", "application");
      JsonNode application = slice.at("/components/application");
      assertThat(application.get("count").asLong()).isBetween(299L, 301L);
      assertThat(application.get("meanSeconds").asDouble()).isCloseTo(0.008, within(1e-6));
      assertThat(application.has("p50Seconds")).isFalse();
    }
  }

  @Test
  void newestSlice_stillFills() throws Exception {
    JsonNode slices = get("window=2h&step=1h&" + PRODUCTPAGE, 200).get("slices");
    JsonNode newest = slices.get(slices.size() - 1);
    long begunSeconds = Instant.now().getEpochSecond() - newest.get("epochMillis").asLong() / 1000;
    assertThat(begunSeconds).isBetween(0L, 3600L + 60);
    assertThat(newest.get("requests").asLong()).isLessThan(begunSeconds / 2 + 60);
  }

  @Test
  void errors_areFailuresAndMissingResponses() throws Exception {
    for (String query :
        new String[] {"source=bookinfo/reviews-v2", "destination=bookinfo/ratings-v1"}) {
      JsonNode slice = get("window=2h&step=10m&" + query, 200).get("slices").get(3);
      assertThat(slice.get("requests").asLong()).isBetween(119L, 121L);
      // Two of six calls a scrape: the first and the fifth.
      assertThat(slice.get("errors").asLong()).isBetween(39L, 41L);
    }
  }

  @Test
  void edges_together_andByNamespaceOnce() throws Exception {
    for (String query : new String[] {"", "&namespace=bookinfo", "&protocol=http"}) {
      JsonNode slices = get("window=2h&step=10m" + query, 200).get("slices");
      assertThat(slices.get(3).get("requests").asLong()).as(query).isBetween(419L, 421L);
    }
    assertThat(get("window=2h&protocol=grpc", 200).get("slices")).isEmpty();
    assertThat(get("window=2h&namespace=other", 200).get("slices")).isEmpty();
  }

  @Test
  void step_isChosen() throws Exception {
    assertThat(get("window=1d", 200).get("stepSeconds").asInt()).isEqualTo(360);
    assertThat(get("window=61m", 200).get("stepSeconds").asInt()).isEqualTo(60);
  }

  @Test
  void oddName_isOnlyAName() throws Exception {
    String name = URLEncoder.encode("a\"} or vector(1) #\\/b\n", UTF_8);
    assertThat(get("window=2h&source=" + name, 200).get("slices")).isEmpty();
  }

  @Test
  void hour_isFromMemory() throws Exception {
    JsonNode history = get("window=1h", 200);
    assertThat(history.get("from").asText()).isEqualTo("memory");
    assertThat(history.get("stepSeconds").asInt()).isEqualTo(60);
  }

  @Test
  void withoutPrometheus_windowIsOutOfRange() throws Exception {
    try (RunningController alone = new RunningController(Map.of())) {
      JsonNode error = get(alone, "window=2h", 400);
      assertThat(error.get("parameter").asText()).isEqualTo("window");
      assertThat(error.get("error").asText())
          .contains("5s to 1h")
          .contains("history.prometheusUrl");
    }
  }

  @Test
  void prometheusThatIsNone_isTold() throws Exception {
    // A controller is none.
    String other = "http://127.0.0.1:" + controller.controller().httpPort() + "/api";
    try (RunningController wrong =
        new RunningController(Map.of(Setting.HISTORY_PROMETHEUS_URL, other))) {
      assertThat(get(wrong, "window=2h", 502).get("error").asText())
          .startsWith("Prometheus answered 404");
    }
  }

  @Test
  void prometheusThatIsGone_isTold() throws Exception {
    try (RunningController lost =
        new RunningController(Map.of(Setting.HISTORY_PROMETHEUS_URL, "http://127.0.0.1:1"))) {
      assertThat(get(lost, "window=2h", 502).get("error").asText())
          .startsWith("Prometheus did not answer");
    }
  }

  @Test
  void step_ofMoreSlicesThanAreTold() throws Exception {
    assertThat(get("window=365d&step=1m", 400).get("parameter").asText()).isEqualTo("step");
  }

  private static JsonNode get(String query, int statusCode) throws Exception {
    return get(controller, query, statusCode);
  }

  private static JsonNode get(RunningController controller, String query, int statusCode)
      throws Exception {
    URI uri =
        URI.create(
            "http://127.0.0.1:" + controller.controller().httpPort() + "/api/v1/history?" + query);
    HttpResponse<byte[]> response =
        HttpClient.newHttpClient()
            .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofByteArray());
    assertThat(response.statusCode()).as(new String(response.body(), UTF_8)).isEqualTo(statusCode);
    return new ObjectMapper().readTree(response.body());
  }
}
