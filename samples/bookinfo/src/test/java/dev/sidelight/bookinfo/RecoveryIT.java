/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.bookinfo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The controller killed for ten seconds under traffic: the mesh does not notice, and Sidelight says
 * what it lost.
 */
@ExtendWith(LocalMesh.class)
class RecoveryIT {

  private static final int REQUESTS_PER_SECOND = 30;
  private static final int SECONDS = 45;
  private static final int OUTAGE_SECONDS = 10;

  @Test
  void killedController_meshServesOnAndEdgesComeBackAndTheLossIsCounted(
      LocalMesh mesh, SidelightApi api) throws Exception {
    Process traffic =
        mesh.start("traffic", String.valueOf(REQUESTS_PER_SECOND), String.valueOf(SECONDS));
    await("edges are told")
        .atMost(Duration.ofSeconds(30))
        .until(() -> fullEdges(api).containsAll(Bookinfo.EDGES));

    mesh.run("kill", "controller");
    long killedEpochMillis = System.currentTimeMillis();
    assertThat(api.isUp()).isFalse();
    Thread.sleep(OUTAGE_SECONDS * 1_000L); // the outage itself
    mesh.run("start", "controller");
    await("the API answers").atMost(Duration.ofSeconds(20)).until(api::isUp);

    await("every edge is told again, in full")
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(500))
        .until(() -> fullEdges(api).containsAll(Bookinfo.EDGES));
    String report = new String(traffic.getInputStream().readAllBytes(), UTF_8);
    assertThat(traffic.waitFor()).as("every request was served: %s", report).isZero();

    // The probe kept its records; Envoy lost its entries of the outage. They stand as ends without
    // an entry.
    await("what was lost is counted")
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(500))
        .until(() -> lostEnds(api) > OUTAGE_SECONDS * REQUESTS_PER_SECOND);
    System.out.printf(
        "outage since %d: %s; ends without an entry %.0f, entries received %.0f%n",
        killedEpochMillis,
        report.strip(),
        lostEnds(api),
        api.controllerMetric("sidelight_correlator_received_total\\{type=\"entry\".*\\}"));
    assertThat(api.probeMetric("sidelight_probe_ends_total\\{outcome=\"lost\".*\\}")).isZero();
  }

  private static double lostEnds(SidelightApi api) {
    return api.controllerMetric(
        "sidelight_correlator_records_total\\{type=\"end\",outcome=\"expired\",reason=\"no_entry\".*\\}");
  }

  private static Set<String> fullEdges(SidelightApi api) {
    Set<String> edges = new HashSet<>();
    api.calls(10).stream().filter(Call::isFull).forEach(call -> edges.add(call.edge()));
    return edges;
  }
}
