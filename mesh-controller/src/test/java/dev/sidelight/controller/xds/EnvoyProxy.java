/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.xds;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A real Envoy in a network namespace, with the bootstrap that a proxy of a local mesh has. */
final class EnvoyProxy {

  /** State of the world, the node in the first request alone. */
  static final String ADS =
      """
      "api_type": "GRPC", "set_node_on_first_message_only": true""";

  /** Changes alone, the node in every request. */
  static final String DELTA_ADS =
      """
      "api_type": "DELTA_GRPC\"""";

  private final NetworkNamespace namespace;
  private final int adminPort;
  private final Path log;

  EnvoyProxy(
      NetworkNamespace namespace,
      Path directory,
      Path socket,
      ProxyNode node,
      String ads,
      int adminPort)
      throws IOException {
    this.namespace = namespace;
    this.adminPort = adminPort;
    this.log = directory.resolve(node.workload() + ".log");
    Path bootstrap = directory.resolve(node.workload() + ".json");
    Files.writeString(bootstrap, bootstrap(node, ads, socket));
    namespace.start(
        log.toFile(),
        List.of(
            "envoy",
            "-c",
            bootstrap.toString(),
            "--disable-hot-restart",
            "--concurrency",
            "1",
            "-l",
            "warning"));
  }

  boolean ready() {
    return admin("/ready").startsWith("LIVE");
  }

  /** A counter or gauge; 0 if Envoy has none of that name. */
  long stat(String name) {
    String line = admin("/stats?filter=^" + name.replace(".", "\\.") + "$");
    int colon = line.lastIndexOf(": ");
    return colon < 0 ? 0 : Long.parseLong(line.substring(colon + 2).trim());
  }

  /** Over all route configurations. */
  long rejectedRouteUpdates() {
    return admin("/stats?filter=\\.rds\\..*\\.update_rejected$")
        .lines()
        .mapToLong(line -> Long.parseLong(line.substring(line.lastIndexOf(": ") + 2).trim()))
        .sum();
  }

  String log() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String admin(String path) {
    try {
      return namespace.run("curl", "-s", "-g", "-m", "5", "http://127.0.0.1:" + adminPort + path);
    } catch (IllegalStateException e) {
      return "";
    }
  }

  private String bootstrap(ProxyNode node, String ads, Path socket) {
    return """
        {"node": {"id": "%s", "cluster": "%s.%s",
          "metadata": {"WORKLOAD_NAME": "%s", "NAMESPACE": "%s"}},
         "admin": {"address": {"socket_address": {"address": "127.0.0.1", "port_value": %d}}},
         "dynamic_resources": {
          "lds_config": {"ads": {}, "resource_api_version": "V3"},
          "cds_config": {"ads": {}, "resource_api_version": "V3"},
          "ads_config": {%s, "transport_api_version": "V3",
           "grpc_services": [{"envoy_grpc": {"cluster_name": "sidelight"}}]}},
         "static_resources": {"clusters": [{
          "name": "sidelight", "type": "STATIC", "connect_timeout": "1s",
          "typed_extension_protocol_options": {
           "envoy.extensions.upstreams.http.v3.HttpProtocolOptions": {
            "@type": "type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions",
            "explicit_http_config": {"http2_protocol_options": {}}}},
          "load_assignment": {"cluster_name": "sidelight", "endpoints": [{"lb_endpoints": [
           {"endpoint": {"address": {"pipe": {"path": "%s"}}}}]}]}}]}}
        """
        .formatted(
            node.id(),
            node.workload(),
            node.namespace(),
            node.workload(),
            node.namespace(),
            adminPort,
            ads,
            socket);
  }
}
