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
import dev.sidelight.correlator.Workload;
import org.junit.jupiter.api.Test;

final class KialiMetricsTest {

  private static final String PRODUCTPAGE =
      "extension=\"sidelight\",source_cluster=\"Kubernetes\",source_namespace=\"bookinfo\","
          + "source_name=\"productpage-v1\",source_is_root=\"true\",";
  private static final String REVIEWS = PRODUCTPAGE.replace("productpage-v1", "reviews-v1");

  private final Page page = new Page(new MetricsSettings(2, 8, 10, 60_000, true, false));

  @Test
  void call_isAStar() {
    page.metrics.record(measured(TestCalls.productpageToReviews()).call());
    assertThat(page.lines("kiali_ext_requests_total"))
        .containsExactlyInAnyOrder(
            "kiali_ext_requests_total{"
                + PRODUCTPAGE
                + destination("reviews-v1.sidecar")
                + "protocol=\"http\",secure=\"true\",status_code=\"200\",} 1.0",
            "kiali_ext_requests_total{"
                + REVIEWS
                + destination("reviews-v1.app")
                + "protocol=\"http\",secure=\"false\",status_code=\"200\",} 1.0");
  }

  @Test
  void secure_isOneValueAnEdge() {
    page.metrics.record(measured(TestCalls.productpageToReviews()).inPlaintext().call());
    assertThat(page.lines("kiali_ext_requests_total", ".sidecar", "secure=\"false\"")).hasSize(1);
    page.metrics.record(measured(TestCalls.productpageToReviews()).call());
    page.metrics.record(measured(TestCalls.productpageToReviews()).inPlaintext().call());
    assertThat(page.lines("kiali_ext_requests_total", ".sidecar"))
        .singleElement()
        .asString()
        .contains("secure=\"true\"")
        .endsWith(" 3.0");
  }

  @Test
  void noResponse_isKialisDash() {
    page.metrics.record(measured(TestCalls.productpageToReviews()).answered(0, "DC").call());
    assertThat(page.lines("kiali_ext_requests_total", ".sidecar"))
        .singleElement()
        .asString()
        .contains("flags=\"-\"", "status_code=\"-\"");
  }

  @Test
  void grpc_hasItsOwnStatus() {
    page.metrics.record(measured(TestCalls.productpageToReviews()).by("grpc").call());
    page.metrics.record(
        measured(TestCalls.productpageToReviews()).by("grpc").answered(503, "UF").call());
    assertThat(page.lines("kiali_ext_requests_total", ".sidecar", "protocol=\"grpc\""))
        .anyMatch(line -> line.contains("status_code=\"0\""))
        .anyMatch(line -> line.contains("status_code=\"14\""))
        .hasSize(2);
  }

  @Test
  void whatNobodyToldOf_isNotDrawn() {
    page.metrics.record(measured(TestCalls.between(Workload.UNKNOWN, TestCalls.REVIEWS_V1)).call());
    page.metrics.record(
        TestCalls.productpageToReviews()
            .covered(Coverage.ONE_SIDED, PartialReason.NO_DESTINATION_ENTRY)
            .taking(LatencyComponent.SOURCE_SIDECAR, 1)
            .call());
    assertThat(page.lines("kiali_ext_requests_total")).isEmpty();
  }

  @Test
  void gateway_hasNoApp() {
    page.metrics.record(
        TestCalls.between(TestCalls.PRODUCTPAGE, TestCalls.GATEWAY)
            .covered(Coverage.ONE_SIDED, PartialReason.NO_SOURCE_PROXY)
            .taking(LatencyComponent.DESTINATION_SIDECAR, 1)
            .taking(LatencyComponent.DESTINATION_UNSPLIT, 1)
            .call());
    assertThat(page.lines("kiali_ext_requests_total"))
        .singleElement()
        .asString()
        .contains("dest_name=\"istio-ingressgateway.sidecar\"");
  }

  @Test
  void edgesBeyondTheBound_areLeftOut() {
    for (int i = 0; i < 4; i++) {
      Workload app = TestCalls.bookinfo("app" + i, "v1");
      page.metrics.record(measured(TestCalls.between(TestCalls.PRODUCTPAGE, app)).call());
    }
    assertThat(page.lines("kiali_ext_requests_total")).hasSize(4);
    assertThat(page.lines("sidelight_metrics_merged_total", "\"kiali\""))
        .singleElement()
        .asString()
        .endsWith(" 4.0");
  }

  @Test
  void connection_isToldByTheDestinationsProxyAlone() {
    page.metrics.record(TestTraffic.toReviews(true));
    page.metrics.record(TestTraffic.toReviews(false));
    assertThat(page.lines("kiali_ext_tcp_sent_total"))
        .containsExactlyInAnyOrder(
            "kiali_ext_tcp_sent_total{"
                + PRODUCTPAGE
                + destination("reviews-v1.sidecar")
                + "secure=\"true\",} 9.0",
            "kiali_ext_tcp_sent_total{"
                + REVIEWS
                + destination("reviews-v1.app")
                + "secure=\"false\",} 9.0");
    assertThat(page.lines("kiali_ext_tcp_received_total")).hasSize(2);
  }

  @Test
  void off_isOff() {
    Page other = new Page(new MetricsSettings(2, 8, 10, 60_000, false, false));
    other.metrics.record(measured(TestCalls.productpageToReviews()).call());
    assertThat(other.text()).doesNotContain("kiali");
  }

  private static TestCalls measured(TestCalls call) {
    return call.taking(LatencyComponent.DESTINATION_SIDECAR, 300_000);
  }

  private static String destination(String name) {
    return "dest_cluster=\"Kubernetes\",dest_namespace=\"bookinfo\",dest_name=\""
        + name
        + "\",flags=\"-\",";
  }
}
