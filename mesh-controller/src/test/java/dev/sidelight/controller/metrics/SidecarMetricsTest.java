/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sidelight.controller.TestCalls;
import dev.sidelight.correlator.Coverage;
import dev.sidelight.correlator.LatencyComponent;
import dev.sidelight.correlator.PartialReason;
import org.junit.jupiter.api.Test;

final class SidecarMetricsTest {

  private static final String PRODUCTPAGE =
      "namespace=\"bookinfo\",app=\"productpage\",version=\"v1\",workload=\"productpage-v1\",";
  private static final String REVIEWS =
      "namespace=\"bookinfo\",app=\"reviews\",version=\"v1\",workload=\"reviews-v1\",";

  private final Page page = new Page(new MetricsSettings(10, 8, 2, 60_000, false, false));

  @Test
  void call_isOutboundAtItsSourceAndInboundAtItsDestination() {
    page.metrics.record(
        TestCalls.productpageToReviews()
            .taking(LatencyComponent.SOURCE_SIDECAR_QUEUE, 40_000)
            .taking(LatencyComponent.SOURCE_SIDECAR, 200_000)
            .taking(LatencyComponent.SOURCE_SIDECAR_CONNECT, 1_000_000)
            .taking(LatencyComponent.DESTINATION_SIDECAR, 300_000)
            .taking(LatencyComponent.APPLICATION, 5_000_000)
            .call());
    assertThat(page.text())
        .contains(
            sum(PRODUCTPAGE + "direction=\"outbound\",component=\"queue\"", "4.0E-5"),
            sum(PRODUCTPAGE + "direction=\"outbound\",component=\"sidecar\"", "2.0E-4"),
            sum(PRODUCTPAGE + "direction=\"outbound\",component=\"connect\"", "0.001"),
            sum(PRODUCTPAGE + "direction=\"outbound\",component=\"total\"", "0.00124"),
            sum(REVIEWS + "direction=\"inbound\",component=\"sidecar\"", "3.0E-4"),
            sum(REVIEWS + "direction=\"inbound\",component=\"total\"", "3.0E-4"))
        .doesNotContain(
            PRODUCTPAGE + "direction=\"inbound\"",
            REVIEWS + "direction=\"outbound\"",
            REVIEWS + "direction=\"inbound\",component=\"queue\"");
  }

  @Test
  void proxyThatDidNotTell_hasNoSeries() {
    page.metrics.record(
        TestCalls.productpageToReviews()
            .covered(Coverage.ONE_SIDED, PartialReason.NO_SOURCE_PROXY)
            .taking(LatencyComponent.DESTINATION_SIDECAR, 300_000)
            .call());
    assertThat(page.lines("sidelight_sidecar_duration_seconds_count")).hasSize(2);
    assertThat(page.lines("direction=\"outbound\"")).isEmpty();
  }

  @Test
  void sidecarsBeyondTheBound_areMerged() {
    for (int i = 0; i < 4; i++) {
      page.metrics.record(
          TestCalls.between(TestCalls.bookinfo("app" + i, "v1"), TestCalls.REVIEWS_V1)
              .taking(LatencyComponent.SOURCE_SIDECAR, 200_000)
              .call());
    }
    assertThat(page.lines("sidelight_metrics_merged_total", "sidecar"))
        .containsExactly("sidelight_metrics_merged_total{kind=\"sidecar\",} 2.0");
    assertThat(page.lines("sidecar_duration_seconds_count", "workload=\"other\"", "total"))
        .singleElement()
        .asString()
        .endsWith(" 2.0");
  }

  private static String sum(String labels, String value) {
    return "sidelight_sidecar_duration_seconds_sum{" + labels + ",} " + value;
  }
}
