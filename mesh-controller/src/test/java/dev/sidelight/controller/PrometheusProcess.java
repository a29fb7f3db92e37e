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
import java.util.concurrent.TimeUnit;

/** A real Prometheus on a loopback port, which scrapes nobody and has a past that a test wrote. */
final class PrometheusProcess implements AutoCloseable {

  private static final long SECONDS = 30;

  private final URI url;
  private final Process process;

  private PrometheusProcess(URI url, Process process) {
    this.url = url;
    this.process = process;
  }

  /**
   * Starts one and waits until it answers.
   *
   * @param past pages of /metrics, a time at each sample, in the order of time
   */
  static PrometheusProcess withPast(Path directory, String past) throws Exception {
    Path data = directory.resolve("data");
    run(
        directory,
        "promtool",
        "tsdb",
        "create-blocks-from",
        "openmetrics",
        Files.writeString(directory.resolve("past"), past + "# EOF\n").toString(),
        data.toString());
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    Path config = Files.writeString(directory.resolve("prometheus.yaml"), "scrape_configs: []\n");
    Path log = directory.resolve("prometheus.log");
    Process process =
        new ProcessBuilder(
                "prometheus",
                "--config.file=" + config,
                "--storage.tsdb.path=" + data,
                "--web.listen-address=127.0.0.1:" + port)
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    PrometheusProcess prometheus =
        new PrometheusProcess(URI.create("http://127.0.0.1:" + port), process);
    await("Prometheus is ready, else " + log + " says why")
        .atMost(Duration.ofSeconds(SECONDS))
        .ignoreExceptions()
        .until(prometheus::isReady);
    return prometheus;
  }

  private boolean isReady() throws IOException, InterruptedException {
    return HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(url.resolve("/-/ready")).build(),
                HttpResponse.BodyHandlers.discarding())
            .statusCode()
        == 200;
  }

  private static void run(Path directory, String... command)
      throws IOException, InterruptedException {
    Path log = directory.resolve(command[0] + ".log");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    assertThat(process.waitFor(SECONDS, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(log)).isZero();
  }

  URI url() {
    return url;
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
