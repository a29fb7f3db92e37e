/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sidelight.hop.v1.Exchange;
import dev.sidelight.hop.v1.ExchangeEnd;
import dev.sidelight.probe.HttpLoad.Told;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** HTTP/2 without TLS from a real Envoy to Go and Node, streams at once: root is needed. */
class Http2ProgramsIT {
  private static final int CONNECTIONS = 16;
  private static final int REQUESTS = 640;

  @ParameterizedTest
  @EnumSource(names = {"NODE", "GO"})
  void everyStream_isToldOnceAsItWas(Program program) throws IOException {
    // Streams of a connection older than the probe have no names: the pod is watched first.
    try (ProgramPod pod = new ProgramPod(program);
        ProbeRun run = new ProbeRun(Map.of())) {
      run.awaitWatched(pod, "plain");
      pod.awaitReady();
      Map<String, Told> sent = pod.load("http2").mixed("http2", CONNECTIONS, REQUESTS);
      await()
          .atMost(ProbeRun.SOON)
          .pollInterval(Duration.ofMillis(200))
          .untilAsserted(() -> assertThat(byRequestId(streams(run, pod))).isEqualTo(sent));
      assertThat(streams(run, pod))
          .hasSize(REQUESTS)
          .allMatch(Exchange::hasAcceptor, "paired")
          .allMatch(stream -> stream.getInitiator().getProcess().equals("envoy"))
          .allMatch(stream -> stream.getAcceptor().getProcess().startsWith(program.executable()))
          .allMatch(stream -> stream.getInitiator().getProtocol().equals("http2"))
          .allSatisfy(PointOrder::assertThatFirstPointsAreInOrder);
    }
  }

  private static List<Exchange> streams(ProbeRun run, ProgramPod pod) {
    return run.hops(pod.netns(), Program.HTTP2_PORT).stream()
        .filter(hop -> hop.getInitiator().getRequestId().startsWith("http2-"))
        .toList();
  }

  private static Map<String, Told> byRequestId(List<Exchange> streams) {
    Map<String, Told> told = new HashMap<>();
    for (Exchange stream : streams) {
      ExchangeEnd request = stream.getInitiator();
      told.put(
          request.getRequestId(),
          new Told(
              request.getMethod(), request.getPathTemplate(), stream.getAcceptor().getStatus()));
    }
    return told;
  }
}
