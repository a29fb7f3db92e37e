/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

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
    controller = new RunningController(Map.of(Setting.ALS_SOCKET_PATH, socket.toString()));
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

  private int request() throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + port + "/reviews/0?user=1");
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.discarding())
        .statusCode();
  }
}
