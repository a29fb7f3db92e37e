/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sidelight.probe.hop.EndAccounting;
import dev.sidelight.probe.hop.EndAccounting.Loss;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** More than the probe can take, from a real program: every end is in one of the counts. */
class OverloadIT {
  private static final int REQUESTS = 4000;
  private static final Pattern LOST =
      Pattern.compile(
          "^sidelight_probe_ends_total\\{outcome=\"lost\",reason=\"(\\w+)\",?\\} (\\S+)$",
          Pattern.MULTILINE);

  @Test
  void smallRingAndControllerAway_areCountedByReason() throws Exception {
    Map<String, String> settings =
        Map.of(
            "probe.ringBytes", "4096",
            "probe.consumeMillis", "50",
            "export.queueEnds", "10",
            "controller.hopPort", Integer.toString(unusedPort()));
    EndAccounting accounting;
    try (ProgramPod pod = new ProgramPod(Program.GO).awaitReady();
        ProbeRun run = new ProbeRun(settings)) {
      accounting = run.probe.accounting();
      await().atMost(ProbeRun.SOON).until(() -> run.probe.podCount() > 0);
      await()
          .atMost(ProbeRun.SOON)
          .until(
              () -> {
                pod.awaitStatus("plain");
                return accounting.seenCount() > 0;
              });
      long before = accounting.seenCount();
      pod.load("plain").equal("/overload", 16, REQUESTS);
      // Three ends a request: of the link the acceptor, of the hop both.
      await().atMost(ProbeRun.SOON).until(() -> accounting.seenCount() - before >= 3L * REQUESTS);
      assertThat(accounting.lostCount(Loss.RING_FULL)).isPositive();
      assertThat(accounting.lostCount(Loss.QUEUE_FULL)).isPositive();
      assertThat(accounting.sentCount()).isZero();
      await().atMost(ProbeRun.SOON).until(() -> lostInMetrics(run) == lost(accounting));
      assertThat(run.probe.accounting().isBalanced()).isTrue();
    }
    System.out.printf(
        "RESULT seen=%d repeated=%d ring_full=%d queue_full=%d shutdown=%d%n",
        accounting.seenCount(),
        accounting.repeatedCount(),
        accounting.lostCount(Loss.RING_FULL),
        accounting.lostCount(Loss.QUEUE_FULL),
        accounting.lostCount(Loss.SHUTDOWN));
    assertThat(accounting.heldCount()).isZero();
    assertThat(accounting.seenCount()).isEqualTo(accounting.repeatedCount() + lost(accounting));
  }

  private static long lost(EndAccounting accounting) {
    return Stream.of(Loss.values()).mapToLong(accounting::lostCount).sum();
  }

  private static long lostInMetrics(ProbeRun run) throws IOException, InterruptedException {
    URI page = URI.create("http://127.0.0.1:" + run.probe.metricsPort() + "/metrics");
    HttpResponse<String> response =
        HttpClient.newHttpClient()
            .send(HttpRequest.newBuilder(page).build(), HttpResponse.BodyHandlers.ofString());
    double lost = 0;
    Matcher series = LOST.matcher(response.body());
    while (series.find()) {
      lost += Double.parseDouble(series.group(2));
    }
    return (long) lost;
  }

  private static int unusedPort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
