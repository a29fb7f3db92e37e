/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sidelight.hop.v1.ExchangeSample;
import dev.sidelight.hop.v1.ExchangeSample.Why;
import dev.sidelight.hop.v1.ExchangeSampling;
import dev.sidelight.hop.v1.Header;
import dev.sidelight.hop.v1.HopControl;
import dev.sidelight.hop.v1.PodTask;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Exchanges that a task has told singly, through a real Envoy to real programs. Needs root. */
class ProfileSamplesIT {
  private static final String SECRET = "5ec2e7a1b0c94d1f";
  private static final int RESPONSE_HEADERS = 3;

  @Test
  void clientErrors_areToldWithTheirHeadersAndNoSecret() throws Exception {
    try (ProgramPod pod = new ProgramPod(Program.PYTHON).awaitReady();
        ProbeRun run = new ProbeRun(Map.of())) {
      run.awaitWatched(pod, "plain");
      begin(
          run,
          pod,
          ExchangeSampling.newBuilder().setClientErrors(true).addHeaderValues("user-agent"));
      ask(pod, "plain");
      await().atMost(ProbeRun.SOON).until(() -> samplesTo(run, "python").size() == 1);
      ExchangeSample sample = samplesTo(run, "python").get(0);
      assertThat(sample.getWhy()).isEqualTo(Why.CLIENT_ERROR);
      assertThat(sample.getProcess()).isEqualTo("envoy");
      assertThat(sample.getMethod()).isEqualTo("GET");
      assertThat(sample.getPathTemplate()).isEqualTo("/missing/{id}");
      assertThat(sample.getRequestId()).isEqualTo("sampled");
      assertThat(sample.getDurationNanos()).isPositive();
      assertThat(sample.getHeadersTruncated()).isFalse();
      assertThat(sample.getRequestHeadersList())
          .contains(Header.newBuilder().setName("user-agent").setValue("it/1").build())
          .contains(Header.newBuilder().setName("authorization").build())
          .contains(Header.newBuilder().setName("cookie").build());
      assertThat(sample.getResponseHeadersList())
          .extracting(Header::getName)
          .hasSize(RESPONSE_HEADERS)
          .contains("server", "date", "content-length");
      assertThat(run.controller.reports())
          .noneMatch(report -> new String(report.toByteArray(), ISO_8859_1).contains(SECRET));
    }
  }

  @Test
  void encryptedExchange_hasTheRequestsHeadersAndSaysWhatIsCut() throws Exception {
    try (ProgramPod pod = new ProgramPod(Program.PYTHON).awaitReady();
        ProbeRun run = new ProbeRun(Map.of())) {
      run.awaitWatched(pod, "tls");
      begin(run, pod, ExchangeSampling.newBuilder().setSlowNanos(1).setClientErrors(true));
      ask(pod, "tls");
      await().atMost(ProbeRun.SOON).until(() -> samplesTo(run, "python").size() == 1);
      ExchangeSample sample = samplesTo(run, "python").get(0);
      assertThat(sample.getStatus()).isEqualTo(404);
      assertThat(sample.getRequestHeadersList())
          .extracting(Header::getName)
          .contains("host", "authorization", "cookie");
      assertThat(sample.getHeadersTruncated()).isTrue();
      assertThat(run.controller.reports())
          .noneMatch(report -> new String(report.toByteArray(), ISO_8859_1).contains(SECRET));
    }
  }

  @Test
  void streams_haveTheirHeaders() throws Exception {
    // Streams of a connection older than the probe have no names: the pod is watched first.
    try (ProgramPod pod = new ProgramPod(Program.GO);
        ProbeRun run = new ProbeRun(Map.of())) {
      run.awaitWatched(pod, "plain");
      pod.awaitReady();
      begin(run, pod, ExchangeSampling.newBuilder().setSlowNanos(1));
      ask(pod, "http2");
      await().atMost(ProbeRun.SOON).until(() -> !of(run, "http2").isEmpty());
      ExchangeSample sample = of(run, "http2").get(0);
      assertThat(sample.getWhy()).isEqualTo(Why.SLOW);
      assertThat(sample.getRequestHeadersList())
          .extracting(Header::getName)
          .contains("x-request-id", "authorization")
          .noneMatch(name -> name.startsWith(":"));
      assertThat(sample.getResponseHeadersList()).extracting(Header::getName).contains("date");
      assertThat(sample.getHeadersTruncated()).isFalse();
      assertThat(run.controller.reports())
          .noneMatch(report -> new String(report.toByteArray(), ISO_8859_1).contains(SECRET));
    }
  }

  private static void begin(ProbeRun run, ProgramPod pod, ExchangeSampling.Builder sampling) {
    run.controller.send(
        HopControl.newBuilder()
            .setTask(
                PodTask.newBuilder()
                    .setTaskId("t1")
                    .setNetns(pod.netns())
                    .setDurationSeconds(60)
                    .setIntervalMillis(200)
                    .setSampling(sampling))
            .build());
    await().atMost(ProbeRun.SOON).until(() -> !run.controller.reports().isEmpty());
  }

  private static void ask(ProgramPod pod, String host) {
    pod.outside.call(
        () -> {
          try (HttpClientConnection connection =
              new HttpClientConnection("10.99.8.1", ProgramPod.SIDECAR_PORT)) {
            connection.send(
                "GET /missing/77?token="
                    + SECRET
                    + " HTTP/1.1\r\nhost: "
                    + host
                    + "\r\nuser-agent: it/1\r\nauthorization: Bearer "
                    + SECRET
                    + "\r\ncookie: a="
                    + SECRET
                    + "\r\nx-request-id: sampled\r\n\r\n");
            return connection.read("GET").status();
          } catch (IOException e) {
            throw new IllegalStateException("no answer of " + host, e);
          }
        });
  }

  /** Of the hop to the program, whose other end is its acceptor. */
  private static List<ExchangeSample> samplesTo(ProbeRun run, String program) {
    List<Long> cookies =
        run.controller.reports().stream()
            .flatMap(report -> report.getConnectionsList().stream())
            .filter(end -> end.getPeer().startsWith(program))
            .map(end -> end.getSocketCookie())
            .toList();
    return samples(run).stream()
        .filter(sample -> sample.getRequestId().equals("sampled"))
        .filter(sample -> cookies.contains(sample.getSocketCookie()))
        .toList();
  }

  private static List<ExchangeSample> of(ProbeRun run, String protocol) {
    return samples(run).stream()
        .filter(sample -> sample.getRequestId().equals("sampled"))
        .filter(sample -> sample.getProtocol().equals(protocol))
        .toList();
  }

  private static List<ExchangeSample> samples(ProbeRun run) {
    return run.controller.reports().stream()
        .flatMap(report -> report.getSamplesList().stream())
        .toList();
  }
}
