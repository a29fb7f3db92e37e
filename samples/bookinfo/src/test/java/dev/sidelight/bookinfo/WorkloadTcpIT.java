/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.bookinfo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The controller's figures of connections are the probe's own, series by series and bucket by
 * bucket, and each is counted once: while both run, when the controller is away, and when the probe
 * is another one.
 */
@ExtendWith(LocalMesh.class)
class WorkloadTcpIT {

  private static final int REQUESTS = 60;

  /** More than the probe takes from one look at its connections to the next. */
  private static final Duration QUIET = Duration.ofSeconds(6);

  @Test
  void figures_areTheProbesAlsoWhenEitherIsStartedAgain(LocalMesh mesh, SidelightApi api)
      throws Exception {
    send(mesh);
    TcpSamples probeThen = untilQuiet(api);
    TcpSamples then = TcpSamples.ofController(api);
    send(mesh);
    awaitFigures(api, answers(then) + REQUESTS, probeNow -> then.plus(probeNow.minus(probeThen)));
    assertThat(then.sum("write_bytes_total", "workload=reviews-v2", "peer=ratings-v1"))
        .isPositive();
    assertThat(then.sum("rtt_seconds_bucket", "process=ruby", "le=+Inf")).isPositive();

    TcpSamples probeAtKill = untilQuiet(api);
    mesh.run("kill", "controller");
    send(mesh);
    mesh.run("start", "controller");
    awaitFigures(api, REQUESTS, probeNow -> probeNow.minus(probeAtKill));

    double before = answers(TcpSamples.ofController(api));
    send(mesh);
    mesh.run("stop", "probe");
    TcpSamples told = TcpSamples.ofController(api);
    assertThat(answers(told) - before).isGreaterThanOrEqualTo(REQUESTS);
    mesh.run("start", "probe");
    send(mesh);
    awaitFigures(api, answers(told) + REQUESTS, told::plus);
    assertThat(
            api.controllerMetric(
                "sidelight_hop_tcp_series_total\\{outcome=\"(merged|refused)\".*\\}"))
        .isZero();
  }

  private static double answers(TcpSamples samples) {
    return samples.sum("write_total", "workload=details-v1", "process=ruby", "side=server");
  }

  private static void awaitFigures(
      SidelightApi api, double answers, UnaryOperator<TcpSamples> byProbeNow) {
    await("the controller's figures are the probe's")
        .atMost(Duration.ofSeconds(40))
        .pollInterval(Duration.ofMillis(500))
        .untilAsserted(
            () -> {
              TcpSamples probeNow = TcpSamples.ofProbe(api);
              TcpSamples now = TcpSamples.ofController(api);
              now.assertSameAs(byProbeNow.apply(probeNow));
              assertThat(answers(now)).isGreaterThanOrEqualTo(answers);
            });
  }

  /** Returns what the probe counts, once it counts nothing more. */
  private static TcpSamples untilQuiet(SidelightApi api) {
    TcpSamples[] last = {TcpSamples.ofProbe(api)};
    await("no connection carries anything")
        .atMost(Duration.ofSeconds(60))
        .pollDelay(QUIET)
        .pollInterval(QUIET)
        .until(
            () -> {
              TcpSamples before = last[0];
              last[0] = TcpSamples.ofProbe(api);
              return last[0].equals(before);
            });
    return last[0];
  }

  private static void send(LocalMesh mesh) throws Exception {
    Process traffic = mesh.start("traffic", String.valueOf(REQUESTS / 2), "2");
    traffic.getInputStream().transferTo(System.out);
    assertThat(traffic.waitFor()).as("every request was served").isZero();
  }
}
