/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.xds;

import static dev.sidelight.controller.xds.ResourceTypes.address;
import static dev.sidelight.controller.xds.ResourceTypes.typedConfig;

import com.google.protobuf.UInt32Value;
import com.google.protobuf.util.Durations;
import io.envoyproxy.envoy.config.cluster.v3.CircuitBreakers;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.BindConfig;
import io.envoyproxy.envoy.config.core.v3.Http1ProtocolOptions;
import io.envoyproxy.envoy.config.core.v3.Http2ProtocolOptions;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.endpoint.v3.Endpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LbEndpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LocalityLbEndpoints;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions.ExplicitHttpConfig;
import java.util.Optional;

/** Builds clusters under Istio's names. */
final class ClusterFactory {

  static final String PASSTHROUGH = "PassthroughCluster";
  static final String INBOUND_PASSTHROUGH = "InboundPassthroughCluster";
  static final String BLACK_HOLE = "BlackHoleCluster";

  /** The sidecar's address towards its app: iptables recognises by it what was redirected once. */
  private static final String INBOUND_SOURCE_ADDRESS = "127.0.0.6";

  private static final String HTTP_PROTOCOL_OPTIONS =
      "envoy.extensions.upstreams.http.v3.HttpProtocolOptions";
  private static final long CONNECT_TIMEOUT_SECONDS = 10;

  private ClusterFactory() {}

  /** From a proxy to the endpoints of a service, by mutual TLS. */
  static Cluster outbound(Mesh mesh, ProxyNode node, MeshService service) {
    Cluster.Builder cluster =
        base(service.outboundCluster())
            .setType(Cluster.DiscoveryType.STATIC)
            .setLoadAssignment(loadAssignment(service))
            .setCircuitBreakers(
                circuitBreakers(mesh.maxConnections(node.workload(), node.namespace())))
            .setTransportSocket(TlsContextFactory.upstream(mesh, node, service));
    return withHttpProtocol(cluster, service).build();
  }

  /** From a sidecar to its app, at the address and port that the caller wanted. */
  static Cluster inbound(MeshService service) {
    Cluster.Builder cluster = originalDestination(service.inboundCluster(), true);
    if (service.appTls()) {
      cluster.setTransportSocket(TlsContextFactory.toApp());
    }
    return withHttpProtocol(cluster, service).build();
  }

  /** To wherever the app wanted, when no service is there. */
  static Cluster passthrough() {
    return originalDestination(PASSTHROUGH, false).build();
  }

  /** To a port of the app that no service knows. */
  static Cluster inboundPassthrough() {
    return originalDestination(INBOUND_PASSTHROUGH, true).build();
  }

  /** To nowhere. */
  static Cluster blackHole() {
    return base(BLACK_HOLE).setType(Cluster.DiscoveryType.STATIC).build();
  }

  private static Cluster.Builder originalDestination(String name, boolean inbound) {
    Cluster.Builder cluster =
        base(name)
            .setType(Cluster.DiscoveryType.ORIGINAL_DST)
            .setLbPolicy(Cluster.LbPolicy.CLUSTER_PROVIDED);
    if (inbound) {
      cluster.setUpstreamBindConfig(
          BindConfig.newBuilder()
              .setSourceAddress(
                  SocketAddress.newBuilder().setAddress(INBOUND_SOURCE_ADDRESS).setPortValue(0)));
    }
    return cluster;
  }

  private static Cluster.Builder base(String name) {
    return Cluster.newBuilder()
        .setName(name)
        .setConnectTimeout(Durations.fromSeconds(CONNECT_TIMEOUT_SECONDS))
        .setCircuitBreakers(circuitBreakers(Optional.empty()));
  }

  private static CircuitBreakers circuitBreakers(Optional<Integer> maxConnections) {
    // As Istio: the mesh's limits are a policy of its operator, not Envoy's small defaults.
    UInt32Value unlimited = UInt32Value.of(-1);
    return CircuitBreakers.newBuilder()
        .addThresholds(
            CircuitBreakers.Thresholds.newBuilder()
                .setMaxConnections(maxConnections.map(UInt32Value::of).orElse(unlimited))
                .setMaxPendingRequests(unlimited)
                .setMaxRequests(unlimited)
                .setMaxRetries(unlimited))
        .build();
  }

  private static Cluster.Builder withHttpProtocol(Cluster.Builder cluster, MeshService service) {
    ExplicitHttpConfig.Builder explicit = ExplicitHttpConfig.newBuilder();
    switch (service.protocol()) {
      case HTTP -> explicit.setHttpProtocolOptions(Http1ProtocolOptions.getDefaultInstance());
      case HTTP2 -> explicit.setHttp2ProtocolOptions(Http2ProtocolOptions.getDefaultInstance());
      case TCP -> {
        return cluster;
      }
    }
    return cluster.putTypedExtensionProtocolOptions(
        HTTP_PROTOCOL_OPTIONS,
        typedConfig(HttpProtocolOptions.newBuilder().setExplicitHttpConfig(explicit).build()));
  }

  private static ClusterLoadAssignment loadAssignment(MeshService service) {
    LocalityLbEndpoints.Builder endpoints = LocalityLbEndpoints.newBuilder();
    for (MeshService.Endpoint endpoint : service.endpoints()) {
      endpoints.addLbEndpoints(
          LbEndpoint.newBuilder()
              .setEndpoint(
                  Endpoint.newBuilder().setAddress(address(endpoint.address(), service.port()))));
    }
    return ClusterLoadAssignment.newBuilder()
        .setClusterName(service.outboundCluster())
        .addEndpoints(endpoints)
        .build();
  }
}
