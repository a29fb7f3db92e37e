/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.bookinfo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real Prometheus scrapes the running mesh, in which details-v1 sleeps from the beginning: what
 * Kiali, the dashboards and the rules ask it is answered, and the alert of starvation knows a
 * starved sidecar from a slow app.
 */
@ExtendWith(LocalMesh.class)
@MeshVariant(environment = "SIDELIGHT_METRICS_ISTIO_COMPATIBLE=on")
class PrometheusIT {

  private static final String STARVED = "SidelightSidecarStarved";
  private static final String WORKLOAD = "details-v1";

  /** Series that are there only once something has happened that does not happen here. */
  private static final Set<String> NEVER_HAPPENED =
      Set.of(
          "ALERTS",
          "sidelight_router_overflow_total",
          "sidelight_als_peer_contradictions_total",
          "sidelight_workload_tcp_drops_total",
          // Where the kernel lets nobody hook the beginning of a read.
          "sidelight_workload_tcp_read_duration_seconds_bucket",
          // Where there is a cluster: tests_cluster/test_istio_mesh.py finds them.
          "sidelight_istio_problem",
          "sidelight_tls_certificate_not_after_seconds");

  @TempDir private static Path directory;

  private static PrometheusServer prometheus;
  private static Process traffic;

  @BeforeAll
  static void start(LocalMesh mesh, SidelightApi api) throws IOException {
    mesh.run("fault", "app-sleep", WORKLOAD, "20");
    traffic = mesh.start("traffic", "40", "600", "--allow-errors");
    prometheus = PrometheusServer.start(directory, api);
    // So that there is a retransmit to ask for.
    mesh.run("drop", WORKLOAD);
  }

  @AfterAll
  static void stop(LocalMesh mesh) {
    mesh.run("fault", "clear");
    traffic.destroy();
    prometheus.close();
  }

  @Test
  void pages_passPromtool(SidelightApi api) throws Exception {
    await("calls are counted")
        .atMost(Duration.ofSeconds(30))
        .until(() -> api.controllerMetric("istio_requests_total\\{.*\\}") > 0);
    assertThat(complaints(api.probePage())).isEmpty();
    // In milliseconds by Istio's choice.
    assertThat(complaints(api.controllerPage()).lines())
        .allMatch(line -> line.startsWith("istio_request_duration_milliseconds "));
  }

  @Test
  void queriesOfKiali_areAnsweredWithTheLabelsThatItNeeds() {
    answered(KialiQueries.ALL.stream().map(KialiQueries.Query::expression).toList());
    for (KialiQueries.Query query : KialiQueries.ALL) {
      for (JsonNode sample : prometheus.query(query.expression())) {
        assertThat(sample.get("metric").fieldNames())
            .toIterable()
            .as(query.expression())
            .containsAll(query.labels());
      }
    }
  }

  @Test
  void queriesOfDashboardsAndCharts_areAnswered() throws IOException {
    List<String> dashboards = AddonQueries.ofDashboards();
    List<String> charts = AddonQueries.ofKialiCharts();
    assertThat(dashboards).hasSizeGreaterThan(50);
    assertThat(charts).hasSizeGreaterThan(5);
    answered(dashboards);
    answered(charts);
  }

  @Test
  void rules_areHealthyAndTheirQueriesAnswered() {
    await("every rule was looked at")
        .atMost(Duration.ofSeconds(60))
        .until(
            () ->
                prometheus.rules().stream()
                    .allMatch(rule -> rule.get("health").asText().equals("ok")));
    List<JsonNode> rules = prometheus.rules();
    List<String> records = named(rules, "recording", "name");
    List<String> alerts = named(rules, "alerting", "query");
    assertThat(records).hasSizeGreaterThan(10);
    assertThat(alerts).hasSizeGreaterThan(20);
    answered(records);
    answered(alerts.stream().map(AddonQueries::withoutComparison).toList());
  }

  @Test
  void starvation_firesForAStarvedSidecarNotForASleepingAppAndResolves(LocalMesh mesh) {
    String sleeping =
        "histogram_quantile(0.5, sum by (le) (rate(sidelight_edge_duration_seconds_bucket"
            + "{destination_workload=\"%s\",part=\"application\"}[1m])))".formatted(WORKLOAD);
    await("most calls of the last minute met the sleeping app")
        .atMost(Duration.ofSeconds(90))
        .pollInterval(Duration.ofSeconds(1))
        .until(() -> prometheus.value(sleeping) > 0.01);
    assertThat(
            prometheus.query(
                "max_over_time(ALERTS{alertname=\"%s\",alertstate=\"firing\"}[5m])"
                    .formatted(STARVED)))
        .isEmpty();

    mesh.run("fault", "sidecar-starve", WORKLOAD, "50");
    await("the alert fires")
        .atMost(Duration.ofMinutes(2))
        .pollInterval(Duration.ofSeconds(1))
        .until(() -> prometheus.firing(STARVED).contains(WORKLOAD));
    assertThat(prometheus.firing(STARVED)).containsOnly(WORKLOAD);

    mesh.run("fault", "clear");
    await("it resolves")
        .atMost(Duration.ofMinutes(2))
        .pollInterval(Duration.ofSeconds(1))
        .until(() -> prometheus.firing(STARVED).isEmpty());
  }

  private static List<String> named(List<JsonNode> rules, String type, String field) {
    return rules.stream()
        .filter(rule -> rule.get("type").asText().equals(type))
        .map(rule -> rule.get(field).asText())
        .toList();
  }

  private static void answered(List<String> expressions) {
    await("every query is answered")
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofSeconds(2))
        .untilAsserted(
            () -> {
              List<String> silent = new ArrayList<>(expressions);
              silent.removeIf(PrometheusIT::isAnswered);
              List<String> unexplained = new ArrayList<>(silent);
              unexplained.removeIf(PrometheusIT::asksForWhatDidNotHappen);
              assertThat(unexplained).isEmpty();
              System.out.printf(
                  "%d queries answered, %d ask for what did not happen: %s%n",
                  expressions.size() - silent.size(), silent.size(), silent);
            });
  }

  private static boolean isAnswered(String expression) {
    return !prometheus.query(expression).isEmpty();
  }

  /** Nothing was refused or lost, say: without that condition it is answered. */
  private static boolean asksForWhatDidNotHappen(String expression) {
    return isAnswered(AddonQueries.ofAllOutcomes(expression))
        || NEVER_HAPPENED.stream().anyMatch(metric -> expression.contains(metric) && isNot(metric));
  }

  private static boolean isNot(String metric) {
    return prometheus.query(metric).isEmpty();
  }

  private static String complaints(String page) throws Exception {
    Process promtool =
        new ProcessBuilder("promtool", "check", "metrics").redirectErrorStream(true).start();
    try (OutputStream in = promtool.getOutputStream()) {
      in.write(page.getBytes(UTF_8));
    }
    String said =
        new String(promtool.getInputStream().readAllBytes(), UTF_8)
            .lines()
            .filter(line -> !line.isBlank())
            .collect(Collectors.joining("\n"));
    int code = promtool.waitFor();
    assertThat(code == 0).as("%d: %s", code, said).isEqualTo(said.isEmpty());
    return said;
  }
}
