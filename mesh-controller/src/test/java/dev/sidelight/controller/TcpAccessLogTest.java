/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.Duration;
import com.google.protobuf.Struct;
import com.google.protobuf.Timestamp;
import com.google.protobuf.Value;
import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import io.envoyproxy.envoy.data.accesslog.v3.AccessLogCommon;
import io.envoyproxy.envoy.data.accesslog.v3.AccessLogType;
import io.envoyproxy.envoy.data.accesslog.v3.ConnectionProperties;
import io.envoyproxy.envoy.data.accesslog.v3.TCPAccessLogEntry;
import io.envoyproxy.envoy.service.accesslog.v3.StreamAccessLogsMessage;
import io.envoyproxy.envoy.service.accesslog.v3.StreamAccessLogsMessage.Identifier;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** TCP connections, from the wire to the metrics. */
class TcpAccessLogTest {

  private static final String[] EDGE = {
    "source_workload", "cart",
    "source_workload_namespace", "shop",
    "source_canonical_service", "unknown",
    "source_canonical_revision", "unknown",
    "destination_workload", "unknown",
    "destination_workload_namespace", "shop",
    "destination_canonical_service", "db",
    "destination_canonical_revision", "unknown",
    "destination_service_name", "db",
    "destination_service_namespace", "shop",
    "request_protocol", "tcp",
    "reporter", "source"
  };

  private final RunningController controller = new RunningController(Map.of());

  @AfterEach
  void stop() {
    controller.close();
  }

  @Test
  void connection_isCountedOnceWhateverComesAgain() {
    GrpcStream stream =
        controller
            .accessLogs()
            .send(message(AccessLogType.TcpUpstreamConnected, 0, 0))
            .send(message(AccessLogType.TcpPeriodic, 100, 7))
            .send(message(AccessLogType.TcpPeriodic, 40, 3));
    controller.awaitCounter(
        1, "sidelight_als_entries_total", "outcome", "refused", "reason", "tcp_reordered");
    // Another stream of the same Envoy goes on where the first one broke off.
    controller
        .accessLogs()
        .send(message(AccessLogType.TcpPeriodic, 150, 9))
        .send(message(AccessLogType.TcpConnectionEnd, 160, 9))
        .send(message(AccessLogType.TcpConnectionEnd, 160, 9));
    stream.cancel();

    controller.awaitCounter(
        1, "sidelight_als_entries_total", "outcome", "ignored", "reason", "tcp_duplicate");
    assertThat(counter("connections_opened")).isEqualTo(1);
    assertThat(counter("connections_closed")).isEqualTo(1);
    assertThat(counter("received_bytes")).isEqualTo(160);
    assertThat(counter("sent_bytes")).isEqualTo(9);
    assertThat(counter("connection_seconds")).isEqualTo(2);
    assertThat(controller.counter("sidelight_als_tcp_connections")).isZero();
    assertThat(entries("refused", "tcp_reordered")).isEqualTo(1);
    assertThat(entries("counted", "tcp_connected")).isEqualTo(1);
    assertThat(entries("counted", "tcp_periodic")).isEqualTo(2);
    assertThat(entries("counted", "tcp_end")).isEqualTo(1);
    assertThat(controller.counter("sidelight_correlator_received_total", "type", "entry")).isZero();
  }

  /** The destination has no proxy: the edge ends at its service. */
  @Test
  void connection_isDrawnInTheGraph() throws Exception {
    controller.accessLogs().send(message(AccessLogType.TcpConnectionEnd, 6_000, 1_200));
    controller.awaitCounter(
        1, "sidelight_als_entries_total", "outcome", "counted", "reason", "tcp_end");
    JsonNode graph = controller.getJson("/api/namespaces/graph?namespaces=shop&duration=60s");
    assertThat(graph.at("/elements/nodes")).hasSize(2);
    JsonNode edge = graph.at("/elements/edges/0/data");
    assertThat(edge.at("/traffic/protocol").asText()).isEqualTo("tcp");
    assertThat(edge.at("/traffic/rates/tcp").asText()).isEqualTo("100.00");
    assertThat(edge.at("/traffic/responses").toString())
        .isEqualTo(
            "{\"-\":{\"flags\":{\"-\":\"100.0\"},"
                + "\"hosts\":{\"db.shop.svc.cluster.local\":\"100.0\"}}}");
    assertThat(
            controller
                .getJson("/api/namespaces/graph?namespaces=shop&duration=60s&rateTcp=received")
                .at("/elements/edges/0/data/traffic/rates/tcp")
                .asText())
        .isEqualTo("20.00");
  }

  private double counter(String name) {
    return controller.counter("sidelight_edge_tcp_" + name + "_total", EDGE);
  }

  private double entries(String outcome, String reason) {
    return controller.counter("sidelight_als_entries_total", "outcome", outcome, "reason", reason);
  }

  private static byte[] message(AccessLogType type, long received, long sent) {
    AccessLogCommon.Builder common =
        AccessLogCommon.newBuilder()
            .setAccessLogType(type)
            .setStreamId("t-1")
            .setStartTime(Timestamp.newBuilder().setSeconds(1_795_534_422L))
            .setDownstreamRemoteAddress(
                Address.newBuilder()
                    .setSocketAddress(
                        SocketAddress.newBuilder().setAddress("10.77.0.9").setPortValue(50_000)))
            .setUpstreamCluster("outbound|3306||db.shop.svc.cluster.local");
    if (type == AccessLogType.TcpConnectionEnd) {
      common.setDuration(Duration.newBuilder().setSeconds(2));
    }
    StreamAccessLogsMessage.Builder message = StreamAccessLogsMessage.newBuilder();
    message.setIdentifier(
        Identifier.newBuilder()
            .setNode(
                Node.newBuilder()
                    .setId("sidecar~10.77.0.9~cart-1.shop~d")
                    .setMetadata(
                        Struct.newBuilder()
                            .putFields(
                                "WORKLOAD_NAME",
                                Value.newBuilder().setStringValue("cart").build()))));
    message
        .getTcpLogsBuilder()
        .addLogEntry(
            TCPAccessLogEntry.newBuilder()
                .setCommonProperties(common)
                .setConnectionProperties(
                    ConnectionProperties.newBuilder()
                        .setReceivedBytes(received)
                        .setSentBytes(sent)));
    return message.build().toByteArray();
  }
}
