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
import dev.sidelight.correlator.Workload;
import org.junit.jupiter.api.Test;

final class EdgeMetricsTest {

  private static final String PRODUCTPAGE_TO_REVIEWS =
      "source_workload=\"productpage-v1\",source_workload_namespace=\"bookinfo\","
          + "source_canonical_service=\"productpage\",source_canonical_revision=\"v1\","
          + "destination_workload=\"reviews-v1\",destination_workload_namespace=\"bookinfo\","
          + "destination_canonical_service=\"reviews\",destination_canonical_revision=\"v1\","
          + "destination_service_name=\"reviews\",destination_service_namespace=\"bookinfo\","
          + "request_protocol=\"http\",";

  private final Page page = new Page(new MetricsSettings(2, 64, 10, 60_000, false, false));
  private final TrafficMetrics metrics = page.metrics;

  @Test
  void requests_byCodeAndFlags() {
    metrics.record(TestCalls.productpageToReviews().call());
    metrics.record(TestCalls.productpageToReviews().call());
    metrics.record(TestCalls.productpageToReviews().answered(0, "UF,URX").call());
    assertThat(page.text())
        .contains(
            series("requests_total", "response_code=\"200\",response_flags=\"-\"", "2.0"),
            series("requests_total", "response_code=\"0\",response_flags=\"UF,URX\"", "1.0"));
  }

  @Test
  void duration_bucketsAreCumulativeAndInclusive() {
    metrics.record(taking(50_000));
    metrics.record(taking(50_001));
    metrics.record(taking(61_000_000_000L));
    assertThat(page.text())
        .contains(
            series("duration_seconds_bucket", "part=\"application\",le=\"0.00005\"", "1.0"),
            series("duration_seconds_bucket", "part=\"application\",le=\"0.0001\"", "2.0"),
            series("duration_seconds_bucket", "part=\"application\",le=\"60.0\"", "2.0"),
            series("duration_seconds_bucket", "part=\"application\",le=\"+Inf\"", "3.0"),
            series("duration_seconds_count", "part=\"total\"", "3.0"),
            series("duration_seconds_sum", "part=\"total\"", "61.000100001"));
  }

  @Test
  void components_absentIsNotZero() {
    metrics.record(taking(2_000_000));
    assertThat(page.text())
        .contains(
            series("component_seconds_total", "component=\"application\"", "0.002"),
            series("component_requests_total", "component=\"application\"", "1.0"))
        .doesNotContain("component=\"network\"", "part=\"network\"", "segment=");
  }

  @Test
  void coverage_byReason() {
    metrics.record(
        TestCalls.productpageToReviews()
            .covered(Coverage.ALS_ONLY, PartialReason.NO_SOURCE_APP)
            .call());
    assertThat(page.text())
        .contains(series("coverage_total", "coverage=\"alsOnly\",reason=\"no_source_app\"", "1.0"));
  }

  @Test
  void retransmits_bySegmentSeen() {
    metrics.record(
        TestCalls.productpageToReviews().over(new TransportFigures(1, 0, 0, 1, 1)).call());
    metrics.record(
        TestCalls.productpageToReviews().over(new TransportFigures(1, 3, 0, 1, 1)).call());
    assertThat(page.text())
        .contains(series("retransmits_total", "segment=\"link\"", "3.0"))
        .doesNotContain("source_hop");
  }

  @Test
  void roundTrips_whereTheKernelHadOne() {
    metrics.record(
        TestCalls.productpageToReviews()
            .hopping(new TransportFigures(0, 0, 0, 1, 1))
            .over(new TransportFigures(120_000, 0, 0, 1, 1))
            .call());
    assertThat(page.text())
        .contains(
            series("rtt_seconds_bucket", "segment=\"link\",le=\"0.0001\"", "0.0"),
            series("rtt_seconds_bucket", "segment=\"link\",le=\"0.00025\"", "1.0"),
            series("rtt_seconds_sum", "segment=\"link\"", "1.2E-4"),
            series("retransmits_total", "segment=\"source_hop\"", "0.0"))
        .doesNotContain("rtt_seconds_count{" + PRODUCTPAGE_TO_REVIEWS + "segment=\"source_hop\"");
  }

  @Test
  void bytes_byDirection() {
    metrics.record(TestCalls.productpageToReviews().call());
    metrics.record(TestCalls.productpageToReviews().call());
    assertThat(page.text())
        .contains(
            series("bytes_total", "direction=\"request\"", "600.0"),
            series("bytes_total", "direction=\"response\"", "3400.0"));
  }

  @Test
  void clusters_areNoLabel() {
    Workload elsewhere = new Workload("west", "bookinfo", "productpage-v1", "productpage", "v1");
    metrics.record(TestCalls.productpageToReviews().call());
    metrics.record(TestCalls.between(elsewhere, TestCalls.REVIEWS_V1).call());
    assertThat(page.lines("sidelight_edge_requests_total"))
        .singleElement()
        .asString()
        .endsWith(" 2.0");
  }

  @Test
  void edgeWithoutCalls_leavesAndBeginsAnew() {
    metrics.record(TestCalls.productpageToReviews().call());
    metrics.record(TestCalls.between(TestCalls.REVIEWS_V2, TestCalls.RATINGS).call());
    page.clock.advanceSeconds(40);
    metrics.record(TestCalls.productpageToReviews().call());
    page.clock.advanceSeconds(40);
    assertThat(page.lines("sidelight_edge_requests_total")).hasSize(1);
    assertThat(page.lines("metrics_dropped_total", "\"edge\"")).containsExactly(dropped("0.0"));

    metrics.record(TestCalls.productpageToReviews().call());
    assertThat(page.lines("metrics_dropped_total", "\"edge\"")).containsExactly(dropped("1.0"));
    metrics.record(TestCalls.between(TestCalls.REVIEWS_V2, TestCalls.RATINGS).call());
    assertThat(page.lines("edge_requests_total", "reviews-v2"))
        .singleElement()
        .asString()
        .endsWith(" 1.0");
    assertThat(page.lines("edge_requests_total", "productpage-v1"))
        .singleElement()
        .asString()
        .endsWith(" 3.0");
  }

  private static String dropped(String value) {
    return "sidelight_metrics_dropped_total{kind=\"edge\",} " + value;
  }

  @Test
  void namesTooLong_areOther() {
    Workload endless = TestCalls.bookinfo("a".repeat(5_000), "v1");
    metrics.record(TestCalls.between(TestCalls.PRODUCTPAGE, endless).call());
    assertThat(page.text()).contains("destination_workload=\"other\"").doesNotContain("aaaa");
  }

  @Test
  void edgesBeyondTheBound_areMergedAndCounted() {
    for (int i = 0; i < 5; i++) {
      metrics.record(
          TestCalls.between(TestCalls.PRODUCTPAGE, TestCalls.bookinfo("app" + i, "v1")).call());
    }
    assertThat(page.text())
        .contains("sidelight_metrics_merged_total{kind=\"edge\",} 3.0", "source_workload=\"other\"")
        .doesNotContain("app2");
  }

  @Test
  void responsesBeyondTheBound_areMerged() {
    for (int i = 0; i < 100; i++) {
      metrics.record(TestCalls.productpageToReviews().answered(200, "F" + i).call());
    }
    assertThat(page.text())
        .contains(
            series("requests_total", "response_code=\"other\",response_flags=\"other\"", "36.0"),
            "sidelight_metrics_merged_total{kind=\"response\",} 36.0");
  }

  private static CorrelatedRequest taking(long nanos) {
    return TestCalls.productpageToReviews().taking(LatencyComponent.APPLICATION, nanos).call();
  }

  private static String series(String name, String labels, String value) {
    return "sidelight_edge_" + name + "{" + PRODUCTPAGE_TO_REVIEWS + labels + ",} " + value;
  }
}
