/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sidelight.hop.v1.Exchange;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Secrets wherever a request has room for one: none is in what leaves the node. */
class PrivacyIT {
  private static final String SECRET = "5ec2e7a1b0c94d1f";

  @ParameterizedTest
  @ValueSource(strings = {"plain", "tls"})
  void secretOfARequest_isNeitherSentNorInTheMetrics(String host) throws Exception {
    try (ProgramPod pod = new ProgramPod(Program.PYTHON).awaitReady();
        ProbeRun run = new ProbeRun(Map.of())) {
      run.awaitWatched(pod, host);
      pod.outside.call(
          () -> {
            try (HttpClientConnection connection =
                new HttpClientConnection("10.99.8.1", ProgramPod.SIDECAR_PORT)) {
              for (int i = 0; i < 20; i++) {
                connection.send(request(host, i));
                assertThat(connection.read("POST").status()).isEqualTo(201);
              }
            }
            return null;
          });
      await().atMost(ProbeRun.SOON).until(() -> seen(run, pod) >= 20);
      await().atMost(ProbeRun.SOON).until(() -> run.probe.accounting().heldCount() == 0);
      assertThat(run.controller.batches())
          .isNotEmpty()
          .noneMatch(batch -> new String(batch.toByteArray(), ISO_8859_1).contains(SECRET));
      assertThat(run.controller.hellos())
          .noneMatch(hello -> new String(hello.toByteArray(), ISO_8859_1).contains(SECRET));
      assertThat(metrics(run)).contains("sidelight_probe_ends").doesNotContain(SECRET);
    }
  }

  private static long seen(ProbeRun run, ProgramPod pod) {
    return run.in(pod.netns()).stream()
        .filter(Exchange::hasAcceptor)
        .filter(exchange -> exchange.getAcceptor().getLocalPort() == ProgramPod.SIDECAR_PORT)
        .filter(exchange -> exchange.getAcceptor().getStatus() == 201)
        .count();
  }

  private static String request(String host, int number) {
    String body = "password=" + SECRET;
    return "POST /users/"
        + SECRET
        + "/items?token="
        + SECRET
        + " HTTP/1.1\r\nhost: "
        + host
        + "\r\nauthorization: Bearer "
        + SECRET
        + "\r\ncookie: session="
        + SECRET
        + "\r\nx-request-id: private-"
        + number
        + "\r\ncontent-length: "
        + body.length()
        + "\r\n\r\n"
        + body;
  }

  private static String metrics(ProbeRun run) throws IOException, InterruptedException {
    URI page = URI.create("http://127.0.0.1:" + run.probe.metricsPort() + "/metrics");
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(page).build(), HttpResponse.BodyHandlers.ofString())
        .body();
  }
}
