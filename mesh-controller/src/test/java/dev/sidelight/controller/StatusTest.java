/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sidelight.hop.v1.HopBatch;
import dev.sidelight.hop.v1.HopUpload;
import dev.sidelight.hop.v1.ProbeAccounting;
import dev.sidelight.hop.v1.ProbeHello;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.service.accesslog.v3.StreamAccessLogsMessage;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the whole controller says of itself. */
class StatusTest {

  private static final String STATUS = "/api/v1/status";
  private static final String NODE_ID = "sidecar~10.77.0.13~reviews-v1.bookinfo~bookinfo.svc";

  private final RunningController running = new RunningController(Map.of());

  @AfterEach
  void stop() {
    running.close();
  }

  @Test
  void nothingConnected_saysWhatIsMissing() throws Exception {
    JsonNode status = running.getJson(STATUS);
    assertThat(status.get("ready").asBoolean()).isTrue();
    assertThat(status.get("problems").findValuesAsText("code"))
        .containsExactly("no_als_stream", "no_probe");
    assertThat(status.at("/problems/0/message").asText())
        .contains("127.0.0.1:" + running.controller().alsPort());
  }

  @Test
  void proxyAndProbe_areThereAsLongAsTheirStreams() throws Exception {
    try (GrpcStream proxy = running.accessLogs();
        GrpcStream probe = running.hops()) {
      proxy.send(identifier());
      probe.send(hello());
      probe.send(losing(3));
      await().until(() -> running.getJson(STATUS).at("/probes/0/endsSeen").asLong() == 10);
      await().until(() -> running.getJson(STATUS).at("/als/proxies/0").asText().equals(NODE_ID));
      JsonNode status = running.getJson(STATUS);
      assertThat(status.at("/probes/0/node").asText()).isEqualTo("node-a");
      assertThat(status.at("/probes/0/connected").asBoolean()).isTrue();
      assertThat(status.at("/probes/0/endsLost")).hasToString("{\"ring_full\":3}");
      assertThat(status.get("problems").findValuesAsText("code"))
          .containsExactly("no_traffic", "probe_lost_ends");
    }
    await()
        .until(
            () ->
                running
                    .getJson(STATUS)
                    .get("problems")
                    .findValuesAsText("code")
                    .contains("no_probe"));
    JsonNode status = running.getJson(STATUS);
    assertThat(status.at("/probes/0/connected").asBoolean()).isFalse();
    await().until(() -> running.getJson(STATUS).at("/als/proxies").isEmpty());
  }

  private static byte[] identifier() {
    return StreamAccessLogsMessage.newBuilder()
        .setIdentifier(
            StreamAccessLogsMessage.Identifier.newBuilder()
                .setLogName("sidelight")
                .setNode(Node.newBuilder().setId(NODE_ID)))
        .build()
        .toByteArray();
  }

  private static byte[] hello() {
    return HopUpload.newBuilder()
        .setHello(ProbeHello.newBuilder().setNodeName("node-a").setProbeInstanceId("1"))
        .build()
        .toByteArray();
  }

  private static byte[] losing(long ends) {
    return HopUpload.newBuilder()
        .setBatch(
            HopBatch.newBuilder()
                .setSequence(1)
                .setAccounting(
                    ProbeAccounting.newBuilder()
                        .setEndsSeen(10)
                        .setEndsSent(10 - ends)
                        .putEndsLost("ring_full", ends)))
        .build()
        .toByteArray();
  }
}
