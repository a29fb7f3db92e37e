/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class MetricsServerTest {
  private final AtomicLong nanos = new AtomicLong();
  private final Health health = new Health(nanos::get);

  @Test
  void healthz_namesTheThreadThatHangs() throws Exception {
    Health.Pulse ring = health.pulse("hop-ring", 10);
    Health.Pulse scan = health.pulse("pod-scan", 250);
    try (MetricsServer server = new MetricsServer("127.0.0.1", 0, List.of(), health)) {
      server.start();
      assertThat(healthz(server)).isEqualTo("200 ok\n");
      nanos.set(TimeUnit.SECONDS.toNanos(30));
      assertThat(healthz(server)).isEqualTo("200 ok\n");
      ring.beat();
      nanos.set(TimeUnit.SECONDS.toNanos(31));
      assertThat(healthz(server)).isEqualTo("503 pod-scan has done nothing for 31 s\n");
      scan.beat();
      assertThat(healthz(server)).isEqualTo("200 ok\n");
    }
  }

  @Test
  void restBetweenPasses_isNoComplaint() {
    health.pulse("transport", 60_000);
    nanos.set(TimeUnit.SECONDS.toNanos(90));
    assertThat(health.complaints()).isEmpty();
    nanos.set(TimeUnit.SECONDS.toNanos(91));
    assertThat(health.complaints()).containsExactly("transport has done nothing for 91 s");
  }

  private static String healthz(MetricsServer server) throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + server.port() + "/healthz");
    HttpResponse<String> answer =
        HttpClient.newHttpClient()
            .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    return answer.statusCode() + " " + answer.body();
  }
}
