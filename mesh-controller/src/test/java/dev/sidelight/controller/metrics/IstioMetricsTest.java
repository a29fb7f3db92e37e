/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sidelight.controller.TestCalls;
import dev.sidelight.correlator.Coverage;
import dev.sidelight.correlator.DestinationService;
import dev.sidelight.correlator.LatencyComponent;
import dev.sidelight.correlator.PartialReason;
import dev.sidelight.correlator.Workload;
import org.junit.jupiter.api.Test;

final class IstioMetricsTest {

  private final Page page = new Page(new MetricsSettings(10, 2, 10, 60_000, false, true));

  @Test
  void call_isReportedByBothProxies() {
    page.metrics.record(whole().call());
    String labels =
        "source_cluster=\"Kubernetes\",source_workload_namespace=\"bookinfo\","
            + "source_workload=\"productpage-v1\",source_canonical_service=\"productpage\","
            + "source_canonical_revision=\"v1\","
            + "source_principal=\"spiffe://cluster.local/ns/bookinfo/sa/productpage\","
            + "destination_cluster=\"Kubernetes\",destination_workload_namespace=\"bookinfo\","
            + "destination_workload=\"reviews-v1\",destination_canonical_service=\"reviews\","
            + "destination_canonical_revision=\"v1\","
            + "destination_principal=\"spiffe://cluster.local/ns/bookinfo/sa/reviews\","
            + "destination_service=\"reviews.bookinfo.svc.cluster.local\","
            + "destination_service_name=\"reviews\",destination_service_namespace=\"bookinfo\","
            + "request_protocol=\"http\",connection_security_policy=\"%s\","
            + "response_code=\"200\",response_flags=\"-\",grpc_response_status=\"\",} 1.0";
    assertThat(page.lines("istio_requests_total"))
        .containsExactlyInAnyOrder(
            "istio_requests_total{reporter=\"source\"," + labels.formatted("unknown"),
            "istio_requests_total{reporter=\"destination\"," + labels.formatted("mutual_tls"));
  }

  @Test
  void duration_isTheReportersOwn() {
    page.metrics.record(whole().call());
    assertThat(page.lines("istio_request_duration_milliseconds_sum", "reporter=\"source\""))
        .singleElement()
        .asString()
        .endsWith(" 7.0");
    assertThat(page.lines("istio_request_duration_milliseconds_sum", "reporter=\"destination\""))
        .singleElement()
        .asString()
        .endsWith(" 5.5");
    assertThat(page.lines("milliseconds_bucket", "reporter=\"source\"", "le=\"5.0\""))
        .singleElement()
        .asString()
        .endsWith(" 0.0");
    assertThat(page.lines("milliseconds_bucket", "reporter=\"source\"", "le=\"10.0\""))
        .singleElement()
        .asString()
        .endsWith(" 1.0");
  }

  @Test
  void proxyThatDidNotTell_reportsNothing() {
    page.metrics.record(
        TestCalls.productpageToReviews()
            .covered(Coverage.ONE_SIDED, PartialReason.NO_UPSTREAM)
            .answered(503, "UH")
            .taking(LatencyComponent.SOURCE_SIDECAR, 1_000_000)
            .inPlaintext()
            .call());
    assertThat(page.lines("istio_requests_total"))
        .singleElement()
        .asString()
        .contains("reporter=\"source\"", "source_principal=\"unknown\"", "response_flags=\"UH\"");
  }

  @Test
  void grpc_hasItsStatus() {
    page.metrics.record(whole().by("grpc").call());
    assertThat(page.lines("istio_requests_total", "grpc_response_status=\"0\"")).hasSize(2);
  }

  @Test
  void responsesBeyondTheBound_areMerged() {
    for (int code = 200; code < 206; code++) {
      page.metrics.record(whole().answered(code, "-").call());
    }
    assertThat(page.lines("istio_requests_total", "reporter=\"source\"")).hasSize(3);
    assertThat(page.lines("istio_requests_total", "source", "response_code=\"other\""))
        .anyMatch(line -> line.endsWith(" 4.0"));
  }

  @Test
  void outsideToGateway_isNotReported() {
    TestCalls call =
        TestCalls.between(Workload.UNKNOWN, TestCalls.GATEWAY)
            .naming(DestinationService.UNKNOWN)
            .covered(Coverage.ONE_SIDED, PartialReason.NO_SOURCE_PROXY)
            .taking(LatencyComponent.DESTINATION_SIDECAR, 1)
            .taking(LatencyComponent.DESTINATION_UNSPLIT, 1);
    page.metrics.record(call.call());
    assertThat(page.lines("istio_requests_total")).isEmpty();
  }

  @Test
  void connection_isReportedByBothProxies() {
    page.metrics.record(TestTraffic.toReviews(true));
    page.metrics.record(TestTraffic.toReviews(false));
    assertThat(page.lines("istio_tcp_received_bytes_total", " 160.0")).hasSize(2);
    assertThat(page.lines("istio_tcp_sent_bytes_total", " 9.0")).hasSize(2);
    assertThat(page.lines("istio_tcp_connections_opened_total", " 1.0")).hasSize(2);
    assertThat(page.lines("istio_tcp_connections_closed_total", "reporter=\"source\""))
        .singleElement()
        .asString()
        .contains("destination_service_name=\"reviews\"", "request_protocol=\"tcp\"");
  }

  private static TestCalls whole() {
    return TestCalls.productpageToReviews()
        .taking(LatencyComponent.REQUEST_TRANSFER, 100_000)
        .taking(LatencyComponent.SOURCE_HOP, 100_000)
        .taking(LatencyComponent.SOURCE_SIDECAR, 1_000_000)
        .taking(LatencyComponent.NETWORK, 500_000)
        .taking(LatencyComponent.DESTINATION_SIDECAR, 500_000)
        .taking(LatencyComponent.APPLICATION, 5_000_000)
        .taking(LatencyComponent.SOURCE_APPLICATION_READ, 100_000);
  }
}
