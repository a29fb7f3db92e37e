/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller;

import dev.sidelight.controller.als.ClusterView;
import dev.sidelight.controller.kubernetes.Cluster;
import dev.sidelight.controller.kubernetes.ClusterPod;
import dev.sidelight.controller.kubernetes.ClusterService;
import dev.sidelight.controller.kubernetes.KubernetesApi;
import dev.sidelight.controller.kubernetes.WatchState;
import dev.sidelight.controller.metrics.KubernetesMetrics;
import dev.sidelight.controller.status.ClusterStatus;
import dev.sidelight.correlator.SocketAddress;
import dev.sidelight.correlator.Workload;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.prometheus.client.CollectorRegistry;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** The cluster's API, for those of the controller that ask it. Any thread. */
final class ClusterRecords implements ClusterView, AutoCloseable {

  /**
   * How long the controller takes no calls for want of names. Where the API server is away for
   * longer, calls with unknown ends are better than none.
   */
  static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);

  // deps
  private final KubernetesClient client;
  private final Cluster cluster;
  private final LongSupplier monotonicNanos;

  // state
  private volatile long startNanos;

  ClusterRecords(
      CollectorRegistry registry,
      ControllerSettings.KubernetesSettings settings,
      InstantSource clock,
      LongSupplier monotonicNanos) {
    this(KubernetesApi.client(), registry, settings, clock, monotonicNanos);
  }

  private ClusterRecords(
      KubernetesClient client,
      CollectorRegistry registry,
      ControllerSettings.KubernetesSettings settings,
      InstantSource clock,
      LongSupplier monotonicNanos) {
    this.client = client;
    this.monotonicNanos = monotonicNanos;
    cluster = new Cluster(client, settings.namespaceSelector(), clock::millis);
    new KubernetesMetrics(() -> cluster.watches().stream().map(ClusterRecords::measured).toList())
        .register(registry);
  }

  /** Begins to list and to watch, and returns at once. */
  void start() {
    startNanos = monotonicNanos.getAsLong();
    cluster.start();
  }

  @Override
  public void close() {
    cluster.close();
    client.close();
  }

  /** The client that all share. */
  KubernetesClient client() {
    return client;
  }

  Cluster cluster() {
    return cluster;
  }

  /** Whether calls can be named, or that has been waited for long enough. */
  boolean isReady() {
    return cluster.isSynced() || monotonicNanos.getAsLong() - startNanos > PATIENCE_NANOS;
  }

  ClusterStatus status() {
    Map<String, Integer> objects = new TreeMap<>();
    Map<String, String> complaints = new TreeMap<>();
    for (WatchState watch : cluster.watches()) {
      objects.put(watch.kind(), watch.objects());
      if (!watch.watching()) {
        complaints.put(watch.kind(), watch.complaint());
      }
    }
    return new ClusterStatus(String.valueOf(client.getMasterUrl()), objects, complaints);
  }

  private static KubernetesMetrics.Watch measured(WatchState state) {
    return new KubernetesMetrics.Watch(
        state.kind(),
        state.objects(),
        state.watching(),
        state.events(),
        state.failures(),
        state.unreadable());
  }

  @Override
  public Workload at(SocketAddress address, long epochMillis) {
    Optional<ClusterPod> pod = cluster.podAt(address.address(), epochMillis);
    if (pod.isEmpty()) {
      pod = cluster.podServingAt(address.address(), address.port());
    }
    if (pod.isPresent()) {
      return pod.get().workload();
    }
    Optional<ClusterService> service = cluster.serviceAt(address.address());
    if (service.isPresent()) {
      return behind(service.get());
    }
    return cluster.knows(address.address()) ? Workload.UNKNOWN : null;
  }

  /** Which of its workloads is not known: the node chooses, where the proxy does not. */
  private static Workload behind(ClusterService service) {
    String unknown = Workload.UNKNOWN.workload();
    return new Workload(unknown, service.namespace(), unknown, service.name(), unknown);
  }

  @Override
  public Workload pod(String namespace, String name, String address) {
    return cluster
        .pod(namespace, name)
        .filter(pod -> pod.addresses().contains(address))
        .map(ClusterPod::workload)
        .orElse(null);
  }

  @Override
  public boolean observes(String namespace) {
    return cluster.observes(namespace);
  }
}
