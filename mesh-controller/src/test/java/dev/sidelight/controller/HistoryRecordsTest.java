/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sidelight.controller.edges.EdgeSnapshot;
import dev.sidelight.controller.edges.EdgeWindow;
import dev.sidelight.controller.edges.EdgesJson;
import dev.sidelight.controller.edges.Resolution;
import dev.sidelight.controller.history.HistorySettings;
import dev.sidelight.controller.web.EdgeFilter;
import dev.sidelight.controller.web.HistoryQuery;
import dev.sidelight.controller.web.WorkloadName;
import dev.sidelight.correlator.CorrelatedRequest;
import dev.sidelight.correlator.Coverage;
import dev.sidelight.correlator.LatencyComponent;
import dev.sidelight.correlator.PartialReason;
import dev.sidelight.correlator.TransportFigures;
import io.prometheus.client.CollectorRegistry;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The history's edges are the window's, but for how exact percentiles are. */
final class HistoryRecordsTest {

  private static final long NOW = 1_800_000_000L;
  private static final double RELATIVE_ERROR = 0.034;
  private static final double ABSOLUTE_ERROR_SECONDS = 200e-9;
  private static final EdgeFilter ALL =
      new EdgeFilter(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

  private final FakeClock clock = new FakeClock(NOW);
  private final CollectorRegistry registry = new CollectorRegistry();
  private final EdgeWindow window = new EdgeWindow(clock, 10);
  private final HistoryRecords history =
      new HistoryRecords(clock, 10, new HistorySettings(64 << 20, null)).register(registry);

  @BeforeEach
  void record() {
    Random random = new Random(1);
    for (int i = 0; i < 2_000; i++) {
      TestCalls full =
          TestCalls.productpageToReviews()
              .waitingForUpstream(random.nextInt(100_000))
              .over(new TransportFigures(50_000 + random.nextInt(20_000), 1, 2, 300, 999));
      for (LatencyComponent component : LatencyComponent.values()) {
        full.taking(component, (long) (100_000 * Math.exp(random.nextGaussian())));
      }
      recordAt(NOW - random.nextInt(600), full);
      recordAt(
          NOW - random.nextInt(600),
          TestCalls.between(TestCalls.REVIEWS_V2, TestCalls.RATINGS)
              .covered(Coverage.ALS_ONLY, PartialReason.NO_CLOCK)
              .answered(i % 5 == 0 ? 0 : 200, "UF")
              .taking(LatencyComponent.LINK_UNSPLIT, random.nextInt(2_000_000)));
    }
  }

  private void recordAt(long epochSecond, TestCalls call) {
    CorrelatedRequest request = call.startingAt(epochSecond).call();
    window.record(request);
    history.record(request);
  }

  @Test
  void edges_areThoseOfTheWindow() throws IOException {
    JsonNode ofWindow = json(window.snapshot(900));
    JsonNode ofHistory = json(history.edges(1200, ALL));
    assertThat(ofWindow.get("edges")).hasSize(2);
    assertThatSame(ofHistory, ofWindow, "");
  }

  @Test
  void edges_filtered() {
    EdgeFilter fromReviews =
        new EdgeFilter(
            Optional.of("bookinfo"),
            Optional.of(new WorkloadName("bookinfo", "reviews-v2")),
            Optional.empty(),
            Optional.of("http"));
    assertThat(history.edges(1200, fromReviews))
        .singleElement()
        .satisfies(edge -> assertThat(edge.edge().destination()).isEqualTo(TestCalls.RATINGS));
  }

  @Test
  void history_step() throws IOException {
    assertThat(answered(900, 0).get("stepSeconds").asInt()).isEqualTo(5);
    assertThat(answered(3600, 0).get("stepSeconds").asInt()).isEqualTo(60);
    JsonNode coarse = answered(3600, 600);
    assertThat(coarse.get("stepSeconds").asInt()).isEqualTo(600);
    assertThat(coarse.at("/slices/0/requests").asInt() + coarse.at("/slices/1/requests").asInt())
        .isEqualTo(4_000);
    assertThat(history.maxWindowSeconds()).isEqualTo(3600);
  }

  @Test
  void metrics_areThere() {
    assertThat(registry.getSampleValue("sidelight_history_edges")).isEqualTo(2);
    assertThat(registry.getSampleValue("sidelight_history_bytes")).isPositive();
    assertThat(registry.getSampleValue("sidelight_history_evicted_slices_total")).isZero();
    assertThat(registry.getSampleValue("sidelight_history_evicted_seconds")).isZero();
  }

  private JsonNode answered(int windowSeconds, int stepSeconds) throws IOException {
    return new ObjectMapper()
        .readTree(history.history(new HistoryQuery(ALL, windowSeconds, stepSeconds)).body());
  }

  private static JsonNode json(List<EdgeSnapshot> edges) throws IOException {
    return new ObjectMapper().readTree(EdgesJson.write(900, Resolution.CALLS, edges));
  }

  /** Percentiles within both errors, all else equal, keys in the same order. */
  private static void assertThatSame(JsonNode actual, JsonNode expected, String path) {
    if (path.matches(".*/(p50|p95|p99|rttP50)Seconds")) {
      double seconds = expected.asDouble();
      assertThat(actual.asDouble())
          .as(path)
          .isCloseTo(seconds, within(ABSOLUTE_ERROR_SECONDS + RELATIVE_ERROR * seconds));
    } else if (expected.isContainerNode()) {
      assertThat(actual.fieldNames())
          .toIterable()
          .as(path)
          .containsExactlyElementsOf(expected::fieldNames);
      assertThat(actual).as(path).hasSameSizeAs(expected);
      expected
          .fieldNames()
          .forEachRemaining(
              name -> assertThatSame(actual.get(name), expected.get(name), path + "/" + name));
      if (expected.isArray()) {
        for (int i = 0; i < expected.size(); i++) {
          assertThatSame(actual.get(i), expected.get(i), path + "/" + i);
        }
      }
    } else {
      assertThat(actual).as(path).isEqualTo(expected);
    }
  }
}
