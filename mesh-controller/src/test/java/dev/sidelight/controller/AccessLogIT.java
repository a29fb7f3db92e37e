/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real Envoy logs over the Unix socket. */
class AccessLogIT {

  private static final int REQUESTS = 200;

  @TempDir Path directory;

  private RunningController controller;
  private Process envoy;
  private int port;

  @BeforeEach
  void start() throws IOException {
    Path socket = directory.resolve("als.sock");
    controller =
        new RunningController(
            Map.of(
                Setting.ALS_SOCKET_PATH,
                socket.toString(),
                Setting.CORRELATOR_WINDOW_SECONDS,
                "1",
                // Every test is one of streams that end meanwhile.
                Setting.ALS_MAX_STREAM_AGE_SECONDS,
                "1"));
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    String bootstrap =
        Files.readString(Path.of("src/test/resources/dev/sidelight/controller/als/envoy.yaml"))
            .replace("SOCKET", socket.toString())
            .replace("PORT", Integer.toString(port));
    Path config = Files.writeString(directory.resolve("envoy.yaml"), bootstrap);
    envoy =
        new ProcessBuilder(
                "envoy",
                "--disable-hot-restart",
                "--concurrency",
                "1",
                "--log-level",
                "warn",
                "-c",
                config.toString())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("envoy.log").toFile())
            .start();
  }

  @AfterEach
  void stop() throws InterruptedException {
    envoy.destroy();
    envoy.waitFor(10, TimeUnit.SECONDS);
    controller.close();
  }

  @Test
  void everyRequest_isAnEntryWithNothingToSayAboutIt() throws Exception {
    await().atMost(Duration.ofSeconds(30)).ignoreExceptions().until(() -> request() == 200);
    for (int i = 1; i < REQUESTS; i++) {
      request();
    }
    controller.awaitCounter(
        REQUESTS, "sidelight_als_entries_total", "outcome", "accepted", "reason", "");
    controller.awaitCounter(REQUESTS, "sidelight_correlator_received_total", "type", "entry");
    assertThat(controller.refusals()).isEmpty();
  }

  @Test
  void streamsThatEndAtTheirAge_loseNothing() throws Exception {
    await().atMost(Duration.ofSeconds(30)).ignoreExceptions().until(() -> request() == 200);
    int requests = 1;
    while (controller.counter("sidelight_als_aged_streams_total") < 4) {
      assertThat(request()).isEqualTo(200);
      requests++;
    }
    controller.awaitCounter(
        requests, "sidelight_als_entries_total", "outcome", "accepted", "reason", "");
    assertThat(controller.refusals()).isEmpty();
  }

  /** All that ask for the same calls tell the same number. */
  @Test
  void everyRequest_isInTheHistoryAsInTheWindow() throws Exception {
    await().atMost(Duration.ofSeconds(30)).ignoreExceptions().until(() -> request() == 200);
    for (int i = 1; i < REQUESTS; i++) {
      request();
    }
    await("every call is told")
        .atMost(Duration.ofSeconds(30))
        .until(() -> requests("/api/v1/edges?window=5m", "edges") == REQUESTS);
    assertThat(requests("/api/v1/edges?window=1h", "edges")).isEqualTo(REQUESTS);
    assertThat(requests("/api/v1/history?window=15m", "slices")).isEqualTo(REQUESTS);
    assertThat(requests("/api/v1/history?window=1h&protocol=http", "slices")).isEqualTo(REQUESTS);
    assertThat(requests("/api/v1/history?window=1h&protocol=grpc", "slices")).isZero();
    assertThat(controller.getJson("/api/v1/edges?window=5m").get("resolution").asText())
        .isEqualTo("calls");
    assertThat(controller.getJson("/api/v1/edges?window=1h").get("resolution").asText())
        .isEqualTo("histogram");
    JsonNode slowest =
        controller.getJson("/api/v1/requests?window=15m&order=slowest&limit=2").get("requests");
    assertThat(slowest.get(0).get("totalNanos").asLong())
        .isGreaterThanOrEqualTo(slowest.get(1).get("totalNanos").asLong());
  }

  private long requests(String pathAndQuery, String field)
      throws IOException, InterruptedException {
    long requests = 0;
    for (JsonNode part : controller.getJson(pathAndQuery).get(field)) {
      requests += part.get("requests").asLong();
    }
    return requests;
  }

  private int request() throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + port + "/reviews/0?user=1");
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.discarding())
        .statusCode();
  }
}
