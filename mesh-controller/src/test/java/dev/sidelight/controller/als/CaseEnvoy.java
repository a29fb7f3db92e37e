/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.als;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A real Envoy with the listeners of envoy-cases.yaml. */
final class CaseEnvoy implements AutoCloseable {

  private static final String LOG =
      """
      {"name": "envoy.access_loggers.%s_grpc", "typed_config": {
       "@type": "type.googleapis.com/envoy.extensions.access_loggers.grpc.v3.%sGrpcAccessLogConfig",
       "common_config": {"log_name": "%s_envoy_accesslog", "transport_api_version": "V3",
        "grpc_service": {"envoy_grpc": {"cluster_name": "sidelight"}},
        "buffer_flush_interval": "0.05s",
        "custom_tags": [
         {"tag": "sidelight.direction", "literal": {"value": "%s"}},
         {"tag": "sidelight.connection_id", "value": "%%CONNECTION_ID%%"},
         {"tag": "sidelight.upstream_connection_id", "value": "%%UPSTREAM_CONNECTION_ID%%"},
         {"tag": "sidelight.pool_ready_ms", "value": "%%UPSTREAM_CONNECTION_POOL_READY_DURATION%%"},
         {"tag": "sidelight.connect_ns", "value": "%%COMMON_DURATION(US_CX_BEG:US_CX_END:ns)%%"},
         {"tag": "sidelight.handshake_ns", "value": "%%COMMON_DURATION(US_CX_END:US_HS_END:ns)%%"}
         %s]}%s}}""";

  private static final String HEADERS =
      ", \"additional_request_headers_to_log\": [\"x-request-id\", \"content-type\"]";

  // state
  private final Map<String, Integer> ports = new LinkedHashMap<>();
  private final Process process;

  /**
   * Starts it.
   *
   * @param nodeId Istio's node id
   * @param nextInboundPort the inbound port of the Envoy behind it; 0 for its own
   */
  CaseEnvoy(Path directory, Path socket, CaseApp app, String nodeId, int nextInboundPort)
      throws IOException {
    for (String port : new String[] {"OUTBOUND", "INBOUND", "INTERMEDIATES", "TCP"}) {
      ports.put(port, freePort());
    }
    boolean gateway = nodeId.startsWith("router");
    String workload = gateway ? "gateway" : "app";
    int next = nextInboundPort == 0 ? port("INBOUND") : nextInboundPort;
    String config =
        Files.readString(RecordedCases.DIRECTORY.resolve("envoy-cases.yaml"))
            .replace("OUTBOUND_UPSTREAM_LOG", http("outbound", "upstream"))
            .replace("INBOUND_UPSTREAM_LOG", http("inbound", "upstream"))
            .replace("OUTBOUND_LOG", http("outbound", "downstream"))
            .replace("INBOUND_LOG", http("inbound", "downstream"))
            .replace("TCP_LOG", tcp())
            .replace("IS_GATEWAY", Boolean.toString(gateway))
            .replace("NODE_ID", nodeId)
            .replace("WORKLOAD\"", workload + "\"")
            .replace("NEXT_INBOUND_PORT", Integer.toString(next))
            .replace("OUTBOUND_PORT", Integer.toString(port("OUTBOUND")))
            .replace("INBOUND_PORT", Integer.toString(port("INBOUND")))
            .replace("INTERMEDIATES_PORT", Integer.toString(port("INTERMEDIATES")))
            .replace("TCP_PORT", Integer.toString(port("TCP")))
            .replace("APP_PORT", Integer.toString(app.port()))
            .replace("DB_PORT", Integer.toString(app.tcpPort()))
            .replace("SOCKET", socket.toString());
    Path file = Files.writeString(directory.resolve(workload + ".yaml"), config);
    process =
        new ProcessBuilder(
                "envoy",
                "--disable-hot-restart",
                "--concurrency",
                "1",
                "-l",
                "warn",
                "-c",
                file.toString())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve(workload + ".log").toFile())
            .start();
  }

  private static String http(String direction, String log) {
    String tag = ", {\"tag\": \"sidelight.log\", \"literal\": {\"value\": \"" + log + "\"}}";
    return LOG.formatted("http", "Http", "http", direction, tag, HEADERS).replace("\n", " ");
  }

  private static String tcp() {
    return LOG.formatted("tcp", "Tcp", "tcp", "outbound", "", "").replace("\n", " ");
  }

  private static int freePort() throws IOException {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return free.getLocalPort();
    }
  }

  /** Of OUTBOUND, INBOUND, INTERMEDIATES or TCP. */
  int port(String listener) {
    return ports.get(listener);
  }

  /** Whether its listeners are there. */
  boolean ready() {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port("INBOUND"))) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public void close() {
    process.destroy();
    try {
      process.waitFor(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
