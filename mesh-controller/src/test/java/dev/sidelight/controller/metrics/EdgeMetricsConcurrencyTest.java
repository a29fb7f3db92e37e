/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sidelight.controller.TestCalls;
import dev.sidelight.correlator.CorrelatedRequest;
import dev.sidelight.correlator.LatencyComponent;
import io.prometheus.client.Collector.MetricFamilySamples;
import io.prometheus.client.Collector.MetricFamilySamples.Sample;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A scrape while calls are counted: what it shows of an edge belongs together. */
final class EdgeMetricsConcurrencyTest {

  private static final int CALLS = 200_000;

  private final Page page = new Page(Page.ALL);

  @Test
  void scrape_seesWholeCallsOnly() throws Exception {
    CorrelatedRequest call =
        TestCalls.productpageToReviews().taking(LatencyComponent.SOURCE_SIDECAR, 1_000_000).call();
    page.metrics.record(call);
    CompletableFuture<Void> writer =
        CompletableFuture.runAsync(
            () -> {
              for (int i = 1; i < CALLS; i++) {
                page.metrics.record(call);
              }
            });
    double seen = 0;
    while (seen < CALLS) {
      List<MetricFamilySamples> families = Collections.list(page.registry.metricFamilySamples());
      double requests = value(families, "sidelight_edge_requests", "_total");
      assertThat(requests).isGreaterThanOrEqualTo(seen);
      assertThat(value(families, "sidelight_edge_duration_seconds", "_count")).isEqualTo(requests);
      assertThat(value(families, "sidelight_edge_component_requests", "_total"))
          .isEqualTo(requests);
      assertThat(value(families, "sidelight_edge_component_seconds", "_total"))
          .isEqualTo(requests / 1000);
      assertThat(value(families, "sidelight_edge_bytes", "_total")).isEqualTo(requests * 300);
      seen = requests;
    }
    writer.get(10, TimeUnit.SECONDS);
  }

  /** Of the first series. */
  private static double value(List<MetricFamilySamples> families, String name, String suffix) {
    return families.stream()
        .filter(family -> family.name.equals(name))
        .flatMap(family -> family.samples.stream())
        .filter((Sample sample) -> sample.name.equals(name + suffix))
        .findFirst()
        .orElseThrow()
        .value;
  }
}
