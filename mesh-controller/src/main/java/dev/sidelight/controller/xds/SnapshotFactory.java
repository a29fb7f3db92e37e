/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.xds;

import com.google.protobuf.Message;
import dev.sidelight.controller.xds.Mesh.Direction;
import dev.sidelight.controller.xds.MeshService.Protocol;
import io.envoyproxy.controlplane.cache.v3.Snapshot;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * Derives everything that one proxy is to know from the mesh. Versions are hashes of the content: a
 * type of resource whose content stays the same is not pushed again, whatever else changed and
 * however often the controller restarts.
 */
final class SnapshotFactory {

  private static final int VERSION_BYTES = 8;

  private SnapshotFactory() {}

  static Snapshot snapshot(Mesh mesh, ProxyNode node) {
    return mesh.gateway(node.workload(), node.namespace())
        .map(gateway -> gateway(mesh, node, gateway))
        .orElseGet(() -> sidecar(mesh, node));
  }

  private static Snapshot gateway(Mesh mesh, ProxyNode node, MeshGateway gateway) {
    MeshService service = mesh.service(gateway.service(), gateway.serviceNamespace()).orElseThrow();
    return snapshot(
        List.of(ClusterFactory.outbound(mesh, node, service)),
        List.of(ListenerFactory.gateway(gateway)),
        List.of(
            RouteConfigurationFactory.outbound(
                gateway.route(), service, delay(mesh, node, Direction.OUTBOUND))));
  }

  private static Snapshot sidecar(Mesh mesh, ProxyNode node) {
    List<MeshService> ownServices = mesh.servicesOf(node.workload(), node.namespace());
    List<Cluster> clusters = new ArrayList<>();
    List<Listener> listeners = new ArrayList<>();
    List<RouteConfiguration> routes = new ArrayList<>();
    clusters.add(ClusterFactory.blackHole());
    clusters.add(ClusterFactory.passthrough());
    clusters.add(ClusterFactory.inboundPassthrough());
    listeners.add(ListenerFactory.virtualOutbound());
    listeners.add(ListenerFactory.virtualInbound(mesh, node, ownServices));
    for (MeshService service : mesh.services()) {
      clusters.add(ClusterFactory.outbound(mesh, node, service));
      listeners.add(ListenerFactory.outbound(service));
      if (service.protocol() != Protocol.TCP) {
        routes.add(
            RouteConfigurationFactory.outbound(
                service.outboundRoute(), service, delay(mesh, node, Direction.OUTBOUND)));
      }
    }
    for (MeshService service : ownServices) {
      clusters.add(ClusterFactory.inbound(service));
      if (service.protocol() != Protocol.TCP) {
        routes.add(
            RouteConfigurationFactory.inbound(service, delay(mesh, node, Direction.INBOUND)));
      }
    }
    return snapshot(clusters, listeners, routes);
  }

  private static Optional<Duration> delay(Mesh mesh, ProxyNode node, Direction direction) {
    return mesh.delay(node.workload(), node.namespace(), direction);
  }

  private static Snapshot snapshot(
      List<Cluster> clusters, List<Listener> listeners, List<RouteConfiguration> routes) {
    return Snapshot.create(
        clusters,
        version(clusters),
        List.of(),
        version(List.of()),
        listeners,
        version(listeners),
        routes,
        version(routes),
        List.of(),
        version(List.of()));
  }

  private static String version(List<? extends Message> resources) {
    MessageDigest digest = sha256();
    resources.forEach(resource -> digest.update(resource.toByteArray()));
    return HexFormat.of().formatHex(digest.digest(), 0, VERSION_BYTES);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
