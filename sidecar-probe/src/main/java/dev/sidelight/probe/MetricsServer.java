/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.prometheus.client.Collector;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.exporter.common.TextFormat;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Serves /metrics and /healthz. */
final class MetricsServer implements AutoCloseable {

  // A page that is taken slowly must not keep kubelet waiting.
  private static final int THREADS = 4;

  private final CollectorRegistry registry = new CollectorRegistry();
  private final Health health;
  private final HttpServer server;
  private final ExecutorService executor =
      Executors.newFixedThreadPool(THREADS, task -> new Thread(task, "metrics"));

  /**
   * Binds; serves nothing yet.
   *
   * @throws IllegalStateException when the address is taken
   */
  MetricsServer(String host, int port, List<Collector> collectors, Health health) {
    this.health = health;
    collectors.forEach(registry::register);
    try {
      server = HttpServer.create(new InetSocketAddress(host, port), 0);
    } catch (IOException e) {
      throw new IllegalStateException(
          "metrics cannot be served on "
              + host
              + ":"
              + port
              + " ("
              + e.getMessage()
              + "); set metrics.host and metrics.port to a free address",
          e);
    }
    server.setExecutor(executor);
    server.createContext("/metrics", this::serve);
    server.createContext("/healthz", this::serveHealth);
  }

  void start() {
    server.start();
  }

  int port() {
    return server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
    executor.shutdownNow();
  }

  private void serveHealth(HttpExchange exchange) throws IOException {
    try (exchange) {
      List<String> complaints = health.complaints();
      String text = complaints.isEmpty() ? "ok" : String.join("\n", complaints);
      byte[] body = (text + "\n").getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
      exchange.sendResponseHeaders(complaints.isEmpty() ? 200 : 503, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      String type = TextFormat.chooseContentType(exchange.getRequestHeaders().getFirst("Accept"));
      exchange.getResponseHeaders().set("Content-Type", type);
      // Of unknown length: the page is never held as a whole.
      exchange.sendResponseHeaders(200, 0);
      try (Writer text =
          new BufferedWriter(
              new OutputStreamWriter(exchange.getResponseBody(), StandardCharsets.UTF_8))) {
        TextFormat.writeFormat(type, text, registry.metricFamilySamples());
      }
    }
  }
}
