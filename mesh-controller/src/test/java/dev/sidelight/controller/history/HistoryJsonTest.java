/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sidelight.controller.Golden;
import dev.sidelight.controller.TestCalls;
import dev.sidelight.controller.edges.LatencyFigures;
import dev.sidelight.correlator.LatencyComponent;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class HistoryJsonTest {

  private static final long NOW = 1_800_000_000L;

  private final History history = new History(() -> Instant.ofEpochSecond(NOW), 10, Long.MAX_VALUE);

  @Test
  void write_bookinfo() {
    TestCalls full = TestCalls.productpageToReviews().startingAt(NOW - 10);
    long nanos = 100_000;
    for (LatencyComponent component : LatencyComponent.values()) {
      full.taking(component, nanos += 100_000);
    }
    history.record(full.call());
    history.record(
        TestCalls.between(TestCalls.REVIEWS_V2, TestCalls.RATINGS)
            .startingAt(NOW)
            .answered(503, "UF")
            .taking(LatencyComponent.LINK_UNSPLIT, 2_000_000)
            .call());
    Golden.assertThatJsonIs(
        HistoryJson.write(60, "memory", history.slices(60, 5, edge -> true)),
        "history/bookinfo_history.expected.json");
  }

  @Test
  void write_whatIsNotKnownIsLeftOut() {
    LatencyFigures figures =
        new LatencyFigures(
            3, 3_000_000, LatencyFigures.ABSENT, LatencyFigures.ABSENT, LatencyFigures.ABSENT);
    HistorySlice slice =
        new HistorySlice(NOW, 3, 1, null, Map.of(), Map.of(LatencyComponent.APPLICATION, figures));
    assertThat(HistoryJson.write(7200, "prometheus", new HistorySlices(60, List.of(slice))))
        .asString()
        .isEqualTo(
            "{\"windowSeconds\":7200,\"stepSeconds\":60,\"from\":\"prometheus\",\"slices\":["
                + "{\"epochMillis\":1800000000000,\"requests\":3,\"errors\":1,\"rollups\":{},"
                + "\"components\":{\"application\":{\"count\":3,\"meanSeconds\":0.001}}}]}");
  }

  @Test
  void write_noSlices() {
    assertThat(HistoryJson.write(900, "memory", new HistorySlices(5, List.of())))
        .asString()
        .isEqualTo("{\"windowSeconds\":900,\"stepSeconds\":5,\"from\":\"memory\",\"slices\":[]}");
  }
}
