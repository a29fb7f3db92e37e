/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.overlay;

import static org.awaitility.Awaitility.await;

import dev.sidelight.correlator.Workload;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;

/**
 * An overlay before a {@link FakeKiali}, on free ports, with one edge of its own: productpage calls
 * reviews, at the time of the recorded answers.
 */
final class OverlayHarness implements AutoCloseable {

  static final long RECORDED_EPOCH_SECOND = 1_795_527_790L;
  static final Workload PRODUCTPAGE = bookinfo("productpage");
  static final Workload REVIEWS = bookinfo("reviews");

  final Vertx vertx = Vertx.vertx();
  final FakeKiali kiali;
  final Queue<Outcome> outcomes = new ConcurrentLinkedQueue<>();
  final AtomicLong changes = new AtomicLong();
  private final AtomicInteger port = new AtomicInteger();
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  OverlayHarness() throws Exception {
    kiali = new FakeKiali(vertx);
  }

  static Workload bookinfo(String app) {
    return new Workload("Kubernetes", "bookinfo", app + "-v1", app, "v1");
  }

  /** Settings that no test of another matter runs into. */
  static OverlaySettings settings(URI kialiUrl) {
    return new OverlaySettings("127.0.0.1", 0, kialiUrl, 8 << 20, 30_000, 30_000, 900);
  }

  static OverlaySettings settings(
      URI kialiUrl, int maxGraphBytes, long changeMillis, long silenceMillis) {
    return new OverlaySettings(
        "127.0.0.1", 0, kialiUrl, maxGraphBytes, changeMillis, silenceMillis, 900);
  }

  OverlayHarness start() throws Exception {
    return start(settings(kiali.url()), new Edges());
  }

  OverlayHarness start(OverlaySettings settings, OverlayEdges edges) throws Exception {
    port.set(deploy(settings, edges));
    return this;
  }

  int deploy(OverlaySettings settings, OverlayEdges edges) throws Exception {
    AtomicInteger deployed = new AtomicInteger();
    OverlayEvents events =
        new OverlayEvents() {
          @Override
          public void answered(Outcome outcome) {
            outcomes.add(outcome);
          }

          @Override
          public void changeTook(long nanos) {
            changes.incrementAndGet();
          }
        };
    vertx
        .deployVerticle(
            new OverlayProxy(
                settings,
                edges,
                events,
                () -> Instant.ofEpochSecond(RECORDED_EPOCH_SECOND + 1),
                deployed::set))
        .await(10, TimeUnit.SECONDS);
    return deployed.get();
  }

  int port() {
    return port.get();
  }

  URI uri(String pathAndQuery) {
    return URI.create("http://127.0.0.1:" + port + pathAndQuery);
  }

  HttpRequest.Builder request(String pathAndQuery) {
    return HttpRequest.newBuilder(uri(pathAndQuery));
  }

  HttpResponse<byte[]> send(HttpRequest.Builder request) throws Exception {
    return client.send(request.build(), BodyHandlers.ofByteArray());
  }

  HttpResponse<byte[]> get(String pathAndQuery, String... headers) throws Exception {
    HttpRequest.Builder request = request(pathAndQuery);
    return send(headers.length == 0 ? request : request.headers(headers));
  }

  /** The one outcome, which is told before the answer's end is sent. */
  Outcome outcome() {
    await().until(() -> !outcomes.isEmpty());
    return outcomes.size() == 1 ? outcomes.peek() : null;
  }

  /** A request's head: its line, then its headers; the server closes the connection after it. */
  static String head(String... lines) {
    return String.join("\r\n", lines) + "\r\nHost: k\r\nConnection: close\r\n\r\n";
  }

  /** Sends bytes and answers all that comes back until the connection is closed. */
  static String raw(int port, String text) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }
  }

  @Override
  public void close() throws TimeoutException {
    vertx.close().await(10, TimeUnit.SECONDS);
  }

  /** Sixty calls, of which three failed. */
  static class Edges implements OverlayEdges {

    @Override
    public List<OverlayEdge> edges(int windowSeconds, long lastEpochSecond) {
      return List.of(edge(PRODUCTPAGE, REVIEWS));
    }

    static OverlayEdge edge(Workload source, Workload destination) {
      return new OverlayEdge(
          new OverlayEdge.Key(source, destination, "http"),
          true,
          true,
          List.of(new OverlayEdge.Response(200, "-", 57), new OverlayEdge.Response(503, "UF", 3)));
    }

    @Override
    public Map<String, OverlayDuration> durations(
        int windowSeconds,
        long lastEpochSecond,
        BiFunction<OverlayEdge.Key, Passage, String> group) {
      Map<String, OverlayDuration> durations = new HashMap<>();
      for (OverlayEdge edge : edges(windowSeconds, lastEpochSecond)) {
        for (Passage passage : Passage.values()) {
          String name = group.apply(edge.key(), passage);
          if (name != null) {
            long millis = 30 - 10L * passage.ordinal();
            durations.put(name, duration(millis));
          }
        }
      }
      return durations;
    }

    private static OverlayDuration duration(long millis) {
      return new OverlayDuration(
          (millis + 1) * 1_000_000,
          (millis + 2) * 1_000_000,
          (millis + 3) * 1_000_000,
          (millis + 4) * 1_000_000);
    }
  }
}
