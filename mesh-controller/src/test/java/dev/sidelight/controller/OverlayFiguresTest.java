/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller;

import static dev.sidelight.controller.TestCalls.GATEWAY;
import static dev.sidelight.controller.TestCalls.PRODUCTPAGE;
import static dev.sidelight.controller.TestCalls.RATINGS;
import static dev.sidelight.controller.TestCalls.REVIEWS_V1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sidelight.controller.edges.EdgeWindow;
import dev.sidelight.controller.graph.KialiGraph;
import dev.sidelight.controller.overlay.FakeKiali;
import dev.sidelight.controller.overlay.Json;
import dev.sidelight.controller.overlay.Outcome;
import dev.sidelight.controller.overlay.OverlayEvents;
import dev.sidelight.controller.overlay.OverlayProxy;
import dev.sidelight.controller.overlay.OverlaySettings;
import dev.sidelight.correlator.LatencyComponent;
import dev.sidelight.correlator.Workload;
import io.vertx.core.Vertx;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Recorded answers of a real Kiali through the overlay, with the figures of real calls. The goldens
 * lie where the test of Kiali's schema finds them too.
 */
final class OverlayFiguresTest {

  /** When the answers were recorded. */
  private static final long NOW = 1_795_527_790L;

  private static final Workload MONGODB = TestCalls.bookinfo("mongodb", "v1");

  private final Vertx vertx = Vertx.vertx();
  private final EdgeWindow window = new EdgeWindow(() -> Instant.ofEpochSecond(NOW), 10);
  private final AtomicInteger port = new AtomicInteger();
  private FakeKiali kiali;

  @BeforeEach
  void start() throws Exception {
    kiali = new FakeKiali(vertx);
    OverlayEvents events =
        new OverlayEvents() {
          @Override
          public void answered(Outcome outcome) {
            assertThat(outcome).isEqualTo(Outcome.CHANGED);
          }

          @Override
          public void changeTook(long nanos) {
            assertThat(nanos).isPositive();
          }
        };
    vertx
        .deployVerticle(
            new OverlayProxy(
                new OverlaySettings("127.0.0.1", 0, kiali.url(), 8 << 20, 10_000, 10_000, 900),
                new OverlayFigures(window),
                events,
                () -> Instant.ofEpochSecond(NOW),
                port::set))
        .await(10, TimeUnit.SECONDS);
    for (int i = 0; i < 100; i++) {
      record(PRODUCTPAGE, REVIEWS_V1, i, i % 20 == 0 ? 503 : 200);
      record(PRODUCTPAGE, RATINGS, i, 200); // no node of Kiali's
      record(REVIEWS_V1, MONGODB, i, 200); // TCP by Kiali
      record(GATEWAY, PRODUCTPAGE, i, 200);
    }
  }

  @AfterEach
  void stop() throws TimeoutException {
    vertx.close().await(10, TimeUnit.SECONDS);
  }

  private void record(Workload source, Workload destination, int i, int code) {
    window.record(
        TestCalls.between(source, destination)
            .startingAt(NOW - i)
            .answered(code, code == 503 ? "UF" : "-")
            .taking(LatencyComponent.SOURCE_SIDECAR_QUEUE, i * 10_000L)
            .taking(LatencyComponent.SOURCE_SIDECAR, 1_000_000L + i * 10_000L)
            .taking(LatencyComponent.NETWORK, 5_000_000L)
            .taking(LatencyComponent.DESTINATION_SIDECAR, 3_000_000L + i * 100_000L)
            .taking(LatencyComponent.APPLICATION, 50_000_000L)
            .call());
  }

  @ParameterizedTest
  @CsvSource({
    "workload, 95",
    "workload-injected-services, avg",
    "versionedApp-injected-services, 50",
    "app-injected-services, 99"
  })
  void recordedGraph_isGolden(String name, String responseTime) throws Exception {
    byte[] recorded = FakeKiali.recorded(name);
    kiali.json(FakeKiali.GRAPH, recorded);
    byte[] changed = get(FakeKiali.GRAPH + "?responseTime=" + responseTime);
    Json.assertThatOnlyOursIsAdded(changed, recorded);
    Json.assertThatGraphHoldsTogether(changed);
    Golden.assertThatJsonIs(changed, "graph/kiali_" + name + "_overlay.expected.json");
  }

  /** Two packages that know nothing of one another draw the same from the same calls. */
  @ParameterizedTest
  @CsvSource({"workload, 99", "versionedApp, avg", "app, 50"})
  void ownGraph_gainsWhatItDrawsAsHops(String graphType, String responseTime) throws Exception {
    InstantSource clock = () -> Instant.ofEpochSecond(NOW);
    KialiGraph own =
        new KialiGraph(clock, new GraphRecords(window, clock, 10, () -> Set.of("bookinfo")));
    Map<String, String> parameters = new HashMap<>();
    parameters.put("namespaces", "bookinfo");
    // Once a second each: the graph rounds rates to thousandths, as Kiali's queries do.
    parameters.put("duration", "100s");
    parameters.put("graphType", graphType);
    parameters.put("responseTime", responseTime);
    parameters.put("injectServiceNodes", "true");
    kiali.json(FakeKiali.GRAPH, own.answer(parameters).json());
    byte[] overlaid = get(FakeKiali.GRAPH + "?responseTime=" + responseTime);
    parameters.put("hops", "true");
    assertThat(Json.hopsWithRates(overlaid))
        .hasSizeGreaterThan(8)
        .containsExactlyInAnyOrderElementsOf(
            Json.hopsWithRates(own.answer(parameters).json()).stream()
                .filter(hop -> !hop.contains(" application"))
                .toList());
  }

  private byte[] get(String pathAndQuery) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + port + pathAndQuery);
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofByteArray())
        .body();
  }
}
