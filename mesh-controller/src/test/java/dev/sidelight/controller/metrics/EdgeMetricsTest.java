/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sidelight.controller.TestCalls;
import dev.sidelight.correlator.CorrelatedRequest;
import dev.sidelight.correlator.Coverage;
import dev.sidelight.correlator.LatencyComponent;
import dev.sidelight.correlator.PartialReason;
import dev.sidelight.correlator.TransportFigures;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.exporter.common.TextFormat;
import java.io.IOException;
import java.io.StringWriter;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class EdgeMetricsTest {

  private static final String PRODUCTPAGE_TO_REVIEWS =
      "source_workload=\"productpage-v1\",source_workload_namespace=\"bookinfo\","
          + "source_canonical_service=\"productpage\",source_canonical_revision=\"v1\","
          + "destination_workload=\"reviews-v1\",destination_workload_namespace=\"bookinfo\","
          + "destination_canonical_service=\"reviews\",destination_canonical_revision=\"v1\","
          + "request_protocol=\"http\",";

  private final CollectorRegistry registry = new CollectorRegistry();
  private final EdgeMetrics metrics = new EdgeMetrics(2);

  @BeforeEach
  void register() {
    metrics.register(registry);
  }

  @Test
  void requests_byCodeAndFlags() throws Exception {
    metrics.record(TestCalls.productpageToReviews().call());
    metrics.record(TestCalls.productpageToReviews().call());
    metrics.record(TestCalls.productpageToReviews().answered(0, "UF,URX").call());
    assertThat(page())
        .contains(
            series("requests_total", "response_code=\"200\",response_flags=\"-\"", "2.0"),
            series("requests_total", "response_code=\"0\",response_flags=\"UF,URX\"", "1.0"));
  }

  @Test
  void duration_bucketsAreCumulativeAndInclusive() throws Exception {
    metrics.record(taking(50_000));
    metrics.record(taking(50_001));
    metrics.record(taking(61_000_000_000L));
    assertThat(page())
        .contains(
            series("duration_seconds_bucket", "part=\"application\",le=\"5.0E-5\"", "1.0"),
            series("duration_seconds_bucket", "part=\"application\",le=\"1.0E-4\"", "2.0"),
            series("duration_seconds_bucket", "part=\"application\",le=\"60.0\"", "2.0"),
            series("duration_seconds_bucket", "part=\"application\",le=\"+Inf\"", "3.0"),
            series("duration_seconds_count", "part=\"total\"", "3.0"),
            series("duration_seconds_sum", "part=\"total\"", "61.000100001"));
  }

  @Test
  void components_absentIsNotZero() throws Exception {
    metrics.record(taking(2_000_000));
    assertThat(page())
        .contains(
            series("component_seconds_total", "component=\"application\"", "0.002"),
            series("component_requests_total", "component=\"application\"", "1.0"))
        .doesNotContain("component=\"network\"", "part=\"network\"", "segment=");
  }

  @Test
  void coverage_byReason() throws Exception {
    metrics.record(
        TestCalls.productpageToReviews()
            .covered(Coverage.ALS_ONLY, PartialReason.NO_SOURCE_APP)
            .call());
    assertThat(page())
        .contains(series("coverage_total", "coverage=\"alsOnly\",reason=\"no_source_app\"", "1.0"));
  }

  @Test
  void retransmits_bySegmentSeen() throws Exception {
    metrics.record(
        TestCalls.productpageToReviews().over(new TransportFigures(1, 0, 0, 1, 1)).call());
    metrics.record(
        TestCalls.productpageToReviews().over(new TransportFigures(1, 3, 0, 1, 1)).call());
    assertThat(page())
        .contains(series("retransmits_total", "segment=\"link\"", "3.0"))
        .doesNotContain("source_hop");
  }

  @Test
  void edgesBeyondTheBound_areMergedAndCounted() throws Exception {
    for (int i = 0; i < 5; i++) {
      metrics.record(
          TestCalls.between(TestCalls.PRODUCTPAGE, TestCalls.bookinfo("app" + i, "v1")).call());
    }
    assertThat(page())
        .contains("sidelight_edge_merged_requests_total 3.0", "source_workload=\"other\"")
        .doesNotContain("app2");
  }

  @Test
  void responsesBeyondTheBound_areMerged() throws Exception {
    for (int i = 0; i < 100; i++) {
      metrics.record(TestCalls.productpageToReviews().answered(200, "F" + i).call());
    }
    assertThat(page())
        .contains(
            series("requests_total", "response_code=\"other\",response_flags=\"other\"", "36.0"));
  }

  private static CorrelatedRequest taking(long nanos) {
    return TestCalls.productpageToReviews().taking(LatencyComponent.APPLICATION, nanos).call();
  }

  private static String series(String name, String labels, String value) {
    return "sidelight_edge_" + name + "{" + PRODUCTPAGE_TO_REVIEWS + labels + ",} " + value;
  }

  private String page() throws IOException {
    StringWriter text = new StringWriter();
    TextFormat.write004(text, registry.metricFamilySamples());
    return text.toString();
  }
}
