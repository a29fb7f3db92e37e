/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sidelight.controller.TestCalls;
import dev.sidelight.correlator.CorrelatedRequest;
import dev.sidelight.correlator.Coverage;
import dev.sidelight.correlator.LatencyComponent;
import dev.sidelight.correlator.PartialReason;
import io.prometheus.client.CollectorRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ApiRouterTest {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final Vertx vertx = Vertx.vertx();
  private final HttpClient client = HttpClient.newHttpClient();
  private final CollectorRegistry registry = new CollectorRegistry();
  private final AtomicBoolean ready = new AtomicBoolean(true);
  private final List<CorrelatedRequest> calls =
      List.of(
          TestCalls.productpageToReviews()
              .startingAt(200)
              .withRequestId("b")
              .taking(LatencyComponent.APPLICATION, 3_000_000)
              .withSourceAppEnd()
              .call(),
          TestCalls.between(TestCalls.REVIEWS_V2, TestCalls.RATINGS)
              .startingAt(100)
              .answered(503, "UF")
              .withRequestId("a")
              .covered(Coverage.ALS_ONLY, PartialReason.NO_CLOCK)
              .taking(LatencyComponent.LINK_UNSPLIT, 1000)
              .call());
  private final AtomicReference<EdgeFilter> asked = new AtomicReference<>();
  private final RecordingHistory history = new RecordingHistory();
  private HttpServer server;

  @BeforeEach
  void listen() throws Exception {
    ApiSources sources =
        new ApiSources(
            (window, filter) -> {
              asked.set(filter);
              return ("{\"windowSeconds\":" + window + "}").getBytes(StandardCharsets.UTF_8);
            },
            (window, matching, order, limit) ->
                calls.stream()
                    .filter(matching)
                    .skip(order == RequestOrder.SLOWEST ? 1 : 0)
                    .limit(limit)
                    .toList(),
            history,
            parameters -> {
              throw new IllegalStateException("secret of " + parameters);
            },
            new NoProfiling(),
            new WriteGuard(ApiToken.none(), false),
            () -> "{}".getBytes(StandardCharsets.UTF_8),
            registry,
            ready::get);
    server =
        vertx
            .createHttpServer()
            .requestHandler(ApiRouter.create(vertx, sources))
            .listen(0, "127.0.0.1")
            .toCompletionStage()
            .toCompletableFuture()
            .get(10, TimeUnit.SECONDS);
  }

  @AfterEach
  void close() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  @ParameterizedTest
  @CsvSource({
    "'', 60",
    "?window=5s, 5",
    "?window=90s, 90",
    "?window=15m, 900",
    "?window=900s, 900",
    "?window=16m, 960",
    "?window=1h, 3600"
  })
  void edges_windowInRange(String query, int windowSeconds) throws Exception {
    assertThat(getJson("/api/v1/edges" + query, 200).get("windowSeconds").asInt())
        .isEqualTo(windowSeconds);
  }

  @ParameterizedTest
  @ValueSource(strings = {"4s", "3601s", "61m", "0s", "5", "abc", "", "-5s", "1d", "99999999999s"})
  void edges_windowOutOfRange(String window) throws Exception {
    JsonNode error = getJson("/api/v1/edges?window=" + window, 400);
    assertThat(error.get("parameter").asText()).isEqualTo("window");
    assertThat(error.get("error").asText()).contains("window", "5s to 1h", "'" + window + "'");
  }

  @Test
  void edges_withoutFilter_areAll() throws Exception {
    getJson("/api/v1/edges?source=&namespace=", 200);
    assertThat(asked.get())
        .isEqualTo(
            new EdgeFilter(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty()));
  }

  @Test
  void edges_filtered() throws Exception {
    getJson("/api/v1/edges?namespace=a&source=b/c&destination=d%2Fe&protocol=grpc", 200);
    assertThat(asked.get())
        .isEqualTo(
            new EdgeFilter(
                Optional.of("a"),
                Optional.of(new WorkloadName("b", "c")),
                Optional.of(new WorkloadName("d", "e")),
                Optional.of("grpc")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"productpage-v1", "/productpage-v1", "bookinfo/", "a/b/c"})
  void edges_workloadWithoutItsNamespace(String workload) throws Exception {
    JsonNode error = getJson("/api/v1/edges?source=" + workload, 400);
    assertThat(error.get("parameter").asText()).isEqualTo("source");
    assertThat(error.get("error").asText()).contains("NAMESPACE/WORKLOAD");
  }

  @ParameterizedTest
  @CsvSource({
    "'', 900, 0",
    "?window=1h&step=2m, 3600, 120",
    "?window=15m&step=5s, 900, 5",
    "?window=365d&step=1d, 31536000, 86400"
  })
  void history_inRange(String query, int windowSeconds, int stepSeconds) throws Exception {
    getJson("/api/v1/history" + query, 200);
    assertThat(history.asked.windowSeconds()).isEqualTo(windowSeconds);
    assertThat(history.asked.stepSeconds()).isEqualTo(stepSeconds);
  }

  @ParameterizedTest
  @CsvSource({
    "step, window=15m&step=7s",
    "step, window=16m&step=5s",
    "step, window=1m&step=2m",
    "step, window=30d&step=1m",
    "step, step=x",
    "step, step=0s",
    "window, window=366d",
    "destination, destination=x"
  })
  void history_badParameter(String parameter, String query) throws Exception {
    assertThat(getJson("/api/v1/history?" + query, 400).get("parameter").asText())
        .isEqualTo(parameter);
  }

  @Test
  void history_windowBeyondWhatItHas_saysHowLongItMayBe() throws Exception {
    history.maxWindowSeconds = 3600;
    assertThat(getJson("/api/v1/history?window=2h", 400).get("error").asText())
        .contains("5s to 1h");
  }

  @Test
  void requests_withoutEnds() throws Exception {
    JsonNode call = getJson("/api/v1/requests", 200).get("requests").get(0);
    assertThat(call.get("requestId").asText()).isEqualTo("b");
    assertThat(call.get("components").get("application").asLong()).isEqualTo(3_000_000);
    assertThat(call.get("components").has("network")).isFalse();
    assertThat(call.get("rollups").get("application").asLong()).isEqualTo(3_000_000);
    assertThat(call.get("startEpochNanos").isIntegralNumber()).isTrue();
    assertThat(call.has("applicationUpstreamWaitNanos")).isFalse();
    assertThat(call.has("ends")).isFalse();
  }

  @Test
  void requests_withEnds_positionsAreUnsigned() throws Exception {
    JsonNode end =
        getJson("/api/v1/requests?ends=true", 200)
            .get("requests")
            .get(0)
            .get("ends")
            .get("sourceApp");
    assertThat(end.get("sendStart").asLong()).isEqualTo(4_294_967_196L);
    assertThat(end.get("lastReadNanos").asLong()).isEqualTo(108);
    assertThat(end.get("local").get("port").asInt()).isEqualTo(40000);
    assertThat(end)
        .hasSize(dev.sidelight.correlator.ExchangeEnd.class.getRecordComponents().length);
  }

  @ParameterizedTest
  @CsvSource({
    "requestId=a, a",
    "sourceWorkload=reviews-v2, a",
    "destinationWorkload=reviews-v1, b",
    "coverage=alsOnly, a",
    "coverage=full&requestId=b, b",
    "limit=1, b",
    "order=slowest, a",
    "source=bookinfo/reviews-v2, a",
    "destination=bookinfo/reviews-v1, b",
    "namespace=bookinfo&limit=1, b",
    "minMillis=3, b",
    "status=5xx, a"
  })
  void requests_filtered(String query, String requestId) throws Exception {
    assertThat(getJson("/api/v1/requests?" + query, 200).get("requests"))
        .singleElement()
        .satisfies(call -> assertThat(call.get("requestId").asText()).isEqualTo(requestId));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"source=other/reviews-v2", "namespace=other", "minMillis=4", "status=none"})
  void requests_noneMatches(String query) throws Exception {
    assertThat(getJson("/api/v1/requests?" + query, 200).get("requests")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "limit, 0",
    "limit, 100001",
    "limit, x",
    "coverage, some",
    "ends, yes",
    "window, 1s",
    "window, 16m",
    "order, oldest",
    "status, 503",
    "minMillis, -1",
    "source, reviews-v2"
  })
  void requests_badParameter(String parameter, String value) throws Exception {
    assertThat(
            getJson("/api/v1/requests?" + parameter + "=" + value, 400).get("parameter").asText())
        .isEqualTo(parameter);
  }

  @Test
  void readyz_followsSource() throws Exception {
    assertThat(get("/readyz").statusCode()).isEqualTo(200);
    ready.set(false);
    assertThat(get("/readyz").statusCode()).isEqualTo(503);
    assertThat(get("/healthz").statusCode()).isEqualTo(200);
  }

  @Test
  void index_namesEndpoints() throws Exception {
    assertThat(get("/api").body()).contains("/api/v1/edges", "/metrics", "/api/namespaces/graph");
  }

  @Test
  void unknownPath_isJson() throws Exception {
    assertThat(getJson("/api/v2/edges", 404).get("error").asText()).contains("no such endpoint");
  }

  @Test
  void otherMethod_isJson() throws Exception {
    HttpResponse<String> response =
        client.send(
            HttpRequest.newBuilder(uri("/api/v1/edges"))
                .POST(HttpRequest.BodyPublishers.noBody())
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(response.statusCode()).isEqualTo(405);
    assertThat(MAPPER.readTree(response.body()).has("error")).isTrue();
  }

  @Test
  void failingSource_tellsNothing() throws Exception {
    JsonNode error = getJson("/api/namespaces/graph?namespaces=bookinfo", 500);
    assertThat(error.toString()).doesNotContain("secret", "Exception", "dev.sidelight");
  }

  /** Answers with nothing, and remembers what it was asked. */
  private static final class RecordingHistory implements HistorySource {

    private volatile int maxWindowSeconds = 365 * 86_400;
    private volatile HistoryQuery asked;

    @Override
    public Answer history(HistoryQuery query) {
      asked = query;
      return Answer.json(200, "{}".getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public int maxWindowSeconds() {
      return maxWindowSeconds;
    }
  }

  private JsonNode getJson(String path, int statusCode) throws Exception {
    HttpResponse<String> response = get(path);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(statusCode);
    assertThat(response.headers().firstValue("content-type")).hasValue("application/json");
    return MAPPER.readTree(response.body());
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(uri(path)).build(), HttpResponse.BodyHandlers.ofString());
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:" + server.actualPort() + path);
  }
}
