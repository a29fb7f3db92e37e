/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.bookinfo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A Prometheus with the scrape jobs and rules of istio-addon, on a loopback port, with its data in
 * a directory of the test's.
 */
final class PrometheusServer implements AutoCloseable {

  private static final Path ADDON =
      Path.of("..", "..", "istio-addon", "prometheus").toAbsolutePath();
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http = HttpClient.newHttpClient();
  private final URI api;
  private final Process process;

  private PrometheusServer(int port, Process process) {
    api = URI.create("http://127.0.0.1:" + port + "/");
    this.process = process;
  }

  /** Starts one and waits until it answers. */
  static PrometheusServer start(Path directory, SidelightApi sidelight) throws IOException {
    int port = LocalMesh.freePorts(1).get(0);
    Path config = directory.resolve("prometheus.yaml");
    Files.writeString(
        config,
        Files.readString(ADDON.resolve("prometheus.yaml"))
            .replace("rules/*.yaml", ADDON.normalize().resolve("rules/*.yaml").toString())
            .replace("127.0.0.1:8090", "127.0.0.1:" + sidelight.controllerPort())
            .replace("127.0.0.1:8094", "127.0.0.1:" + sidelight.probePort()));
    Path log = directory.resolve("prometheus.log");
    Process process =
        new ProcessBuilder(
                "prometheus",
                "--config.file=" + config,
                "--storage.tsdb.path=" + directory.resolve("data"),
                "--web.listen-address=127.0.0.1:" + port,
                "--enable-feature=exemplar-storage")
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    PrometheusServer server = new PrometheusServer(port, process);
    await("Prometheus is ready, else " + log + " says why")
        .atMost(Duration.ofSeconds(30))
        .ignoreExceptions()
        .until(() -> server.send("-/ready").statusCode() == 200);
    return server;
  }

  /** The samples that answer an expression now. */
  JsonNode query(String expression) {
    return data("query?query=" + URLEncoder.encode(expression, UTF_8)).get("result");
  }

  /** Values of an expression that answers with at most one sample; NaN where there is none. */
  double value(String expression) {
    JsonNode samples = query(expression);
    return samples.isEmpty() ? Double.NaN : samples.get(0).get("value").get(1).asDouble();
  }

  /** Alerting and recording rules, with their query, their health and how they are. */
  List<JsonNode> rules() {
    return data("rules").get("groups").findValues("rules").stream()
        .flatMap(rules -> java.util.stream.StreamSupport.stream(rules.spliterator(), false))
        .toList();
  }

  /** Workloads of which an alert is firing. */
  List<String> firing(String alert) {
    return data("alerts").get("alerts").findParents("labels").stream()
        .filter(each -> each.get("state").asText().equals("firing"))
        .map(each -> each.get("labels"))
        .filter(labels -> labels.get("alertname").asText().equals(alert))
        .map(labels -> labels.get("workload").asText())
        .toList();
  }

  private JsonNode data(String path) {
    try {
      HttpResponse<String> response = send("api/v1/" + path);
      JsonNode answer = JSON.readTree(response.body());
      if (!answer.get("status").asText().equals("success")) {
        throw new IllegalArgumentException(path + ": " + response.body());
      }
      return answer.get("data");
    } catch (IOException e) {
      throw new UncheckedIOException(path, e);
    }
  }

  private HttpResponse<String> send(String path) throws IOException {
    try {
      return http.send(
          HttpRequest.newBuilder(api.resolve(path)).build(), HttpResponse.BodyHandlers.ofString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
