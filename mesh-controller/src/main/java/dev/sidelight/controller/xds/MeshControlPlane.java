/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.xds;

import io.envoyproxy.controlplane.cache.StatusInfo;
import io.envoyproxy.controlplane.server.V3DiscoveryServer;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.grpc.BindableService;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The control plane for meshes without Istio: serves each Envoy the snapshot of its workload by
 * ADS, and pushes a new one as soon as the mesh file changes. An invalid file is logged and
 * counted, and what was pushed before stays. Safe for use from several threads.
 */
public final class MeshControlPlane implements AutoCloseable {

  private static final Logger LOGGER = LoggerFactory.getLogger(MeshControlPlane.class);
  // Longer than a restart of an Envoy, short enough that replaced pods do not pile up.
  private static final Duration FORGET_AFTER = Duration.ofMinutes(10);

  // deps
  private final Path meshFile;
  private final MeshSnapshotCache cache = new MeshSnapshotCache();
  private final DiscoveryCallbacks callbacks = new DiscoveryCallbacks(this::request);
  private final V3DiscoveryServer discoveryServer = new V3DiscoveryServer(callbacks, cache);

  // state, guarded by this but for the counters
  private final Map<String, ProxyNode> nodes = new HashMap<>();
  private final AtomicLong invalidMeshFiles = new AtomicLong();
  private final AtomicLong unknownNodes = new AtomicLong();
  private Mesh mesh;
  private MeshFileWatcher watcher;

  /** Does not read the file yet. */
  public MeshControlPlane(Path meshFile) {
    this.meshFile = meshFile;
  }

  /**
   * Reads the mesh file and begins to watch it.
   *
   * @throws IllegalArgumentException if the file is missing or invalid; the message names the file,
   *     the JSON path and what should stand there
   */
  public synchronized void start() {
    // Refuses a bad file before anything is watched.
    new MeshFileReader(meshFile).read();
    watcher = new MeshFileWatcher(meshFile, this::push, this::invalid);
    // Read again, since it may have changed before the watch began.
    mesh = new MeshFileReader(meshFile).read();
    warmUp(mesh);
    watcher.start();
    LOGGER.info(
        "mesh file {}: {} services, {} gateways, {} faults",
        meshFile,
        mesh.services().size(),
        mesh.gateways().size(),
        mesh.faults().size());
  }

  /** The gRPC services to serve: ADS. */
  public List<BindableService> services() {
    return List.of(
        new AggregatedDiscoveryService(discoveryServer.getAggregatedDiscoveryServiceImpl()));
  }

  /** Namespaces of the mesh's services and gateways; none before the start. */
  public synchronized Set<String> namespaces() {
    if (mesh == null) {
      return Set.of();
    }
    Set<String> namespaces = new HashSet<>();
    mesh.services().forEach(service -> namespaces.add(service.namespace()));
    mesh.gateways().forEach(gateway -> namespaces.add(gateway.namespace()));
    return namespaces;
  }

  /** How often the mesh file changed to something invalid. */
  public long invalidMeshFiles() {
    return invalidMeshFiles.get();
  }

  /** How many requests came from nodes that name no workload. */
  public long unknownNodes() {
    return unknownNodes.get();
  }

  /** How many updates Envoys rejected. */
  public long rejectedUpdates() {
    return callbacks.rejectedUpdates();
  }

  /** Ends the watch; open streams are the server's to end. */
  @Override
  public synchronized void close() {
    if (watcher != null) {
      watcher.close();
    }
  }

  /** Envoy's API takes seconds to load its classes: here, not on the event loop of a first node. */
  private static void warmUp(Mesh mesh) {
    for (MeshService service : mesh.services()) {
      for (MeshService.Endpoint endpoint : service.endpoints()) {
        SnapshotFactory.snapshot(
            mesh, new ProxyNode("warm-up", endpoint.workload(), service.namespace()));
      }
    }
  }

  private synchronized void push(Mesh changed) {
    if (changed.equals(mesh)) {
      return;
    }
    mesh = changed;
    forgetGoneNodes();
    nodes.values().forEach(this::updateSnapshot);
    LOGGER.info("mesh file {} changed: pushed to {} nodes", meshFile, nodes.size());
  }

  private void invalid(IllegalArgumentException problem) {
    invalidMeshFiles.incrementAndGet();
    LOGGER.error("{}; the mesh stays as it was", problem.getMessage());
  }

  private synchronized void request(Node node) {
    ProxyNode proxy = ProxyNode.of(node);
    if (mesh == null || proxy.equals(nodes.get(proxy.id()))) {
      return;
    }
    forgetGoneNodes();
    nodes.put(proxy.id(), proxy);
    updateSnapshot(proxy);
  }

  private void updateSnapshot(ProxyNode node) {
    Optional<ProxyNode> identified = node.in(mesh);
    if (identified.isEmpty()) {
      unknownNodes.incrementAndGet();
      LOGGER.warn(
          "node {} gets no resources: give it WORKLOAD_NAME and NAMESPACE in its metadata",
          node.id());
      return;
    }
    cache.setSnapshot(node.id(), SnapshotFactory.snapshot(mesh, identified.get()));
  }

  private void forgetGoneNodes() {
    long before = System.currentTimeMillis() - FORGET_AFTER.toMillis();
    nodes
        .keySet()
        .removeIf(
            id -> {
              StatusInfo<String> status = cache.statusInfo(id);
              return status != null
                  && status.numWatches() == 0
                  && status.lastWatchRequestTime() < before
                  && cache.clearSnapshot(id);
            });
  }
}
