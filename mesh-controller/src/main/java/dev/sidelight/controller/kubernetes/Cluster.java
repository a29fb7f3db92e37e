/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.kubernetes;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeAddress;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.FilterWatchListDeletable;
import io.fabric8.kubernetes.client.dsl.Informable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * The cluster as its API server has it, from memory: any thread may ask, and none waits. What was
 * known stays known while the API server is away. All namespaces' pods are known, observed or not,
 * since they call one another.
 */
public final class Cluster implements AutoCloseable {

  /** A node, and the addresses that packets of its own come from. */
  private record NamedNode(String name, List<String> addresses) {}

  // deps
  private final KubernetesClient client;
  private final boolean observesAll;

  // state
  private final ClusterPods pods;
  private final ClusterServices services = new ClusterServices();
  private final Map<String, NamedNode> nodeByUid = new ConcurrentHashMap<>();
  private final Map<String, String> nodeByAddress = new ConcurrentHashMap<>();
  private final Map<String, String> namespaceByUid = new ConcurrentHashMap<>();
  private volatile Set<String> observed = Set.of();
  private final List<ObjectWatch<?>> watches = new ArrayList<>();
  private final List<Runnable> namespacesChanged = new CopyOnWriteArrayList<>();

  /**
   * Knows nothing before {@link #start}.
   *
   * @param client stays the caller's to close
   * @param namespaceSelector label selector of the observed namespaces; empty: all
   * @param epochMillis the wall clock
   */
  public Cluster(KubernetesClient client, String namespaceSelector, LongSupplier epochMillis) {
    this.client = client;
    observesAll = namespaceSelector.isEmpty();
    pods = new ClusterPods(epochMillis);
    watch(
        "pods",
        Pod.class,
        client.pods().inAnyNamespace(),
        pod -> pods.put(PodReader.read(pod)),
        pods::remove);
    watch(
        "services",
        Service.class,
        client.services().inAnyNamespace(),
        service -> services.put(ServiceReader.read(service)),
        services::remove);
    watch(
        "endpointslices",
        EndpointSlice.class,
        client.discovery().v1().endpointSlices().inAnyNamespace(),
        slice -> services.put(ServiceReader.read(slice)),
        services::removeSlice);
    watch("nodes", Node.class, client.nodes(), this::putNode, this::removeNode);
    FilterWatchListDeletable<Namespace, ?, ?> selected =
        client.namespaces().withLabelSelector(namespaceSelector);
    watch("namespaces", Namespace.class, selected, this::putNamespace, this::removeNamespace);
  }

  private <T extends HasMetadata> void watch(
      String kind, Class<T> type, Informable<T> objects, Consumer<T> put, Consumer<String> remove) {
    watches.add(
        new ObjectWatch<>(kind, type, objects, client.getKubernetesSerialization(), put, remove));
  }

  /** Begins to list and to watch, and returns at once. */
  public void start() {
    watches.forEach(ObjectWatch::start);
  }

  /** Stops watching; what is known stays. */
  @Override
  public void close() {
    watches.forEach(ObjectWatch::stop);
  }

  /** Whether everything was told once, whatever became of the API server since. */
  public boolean isSynced() {
    return watches.stream().allMatch(ObjectWatch::hasSynced);
  }

  /** How each kind of objects is watched. */
  public List<WatchState> watches() {
    return watches.stream().map(ObjectWatch::state).toList();
  }

  /**
   * The pod that had an address to itself at a time; a pod in its node's network has none.
   *
   * @param address in canonical form
   */
  public Optional<ClusterPod> podAt(String address, long epochMillis) {
    return pods.at(address, epochMillis);
  }

  /**
   * The pod in its node's network that serves a Service at a port of the node's address.
   *
   * @param address in canonical form
   */
  public Optional<ClusterPod> podServingAt(String address, int port) {
    return services.podAt(address, port).flatMap(pods::named).filter(ClusterPod::hostNetwork);
  }

  /** The pod of that name; the newest where one went and another came. */
  public Optional<ClusterPod> pod(String namespace, String name) {
    return pods.named(namespace + "/" + name);
  }

  /** The pod of that uid, while the API server has it. */
  public Optional<ClusterPod> podOfUid(String uid) {
    return pods.ofUid(uid);
  }

  /** All pods that the API server has. */
  public Collection<ClusterPod> pods() {
    return pods.all();
  }

  /** The Service of that name. */
  public Optional<ClusterService> service(String namespace, String name) {
    return services.named(namespace + "/" + name);
  }

  /** The Service that has that cluster address, in canonical form. */
  public Optional<ClusterService> serviceAt(String address) {
    return services.at(address);
  }

  /** The Services that a pod serves by their EndpointSlices, headless ones too, by name. */
  public List<ClusterService> servicesOf(ClusterPod pod) {
    return services.of(pod.key());
  }

  /** The pods that serve a Service by its EndpointSlices, whether they are ready or not. */
  public List<ServiceEndpoint> endpointsOf(ClusterService service) {
    return services.slicesOf(service.key()).stream()
        .flatMap(
            slice ->
                slice.podsByAddress().values().stream()
                    .distinct()
                    .map(pods::named)
                    .flatMap(Optional::stream)
                    .map(pod -> new ServiceEndpoint(pod, slice.ports())))
        .distinct()
        .toList();
  }

  /** All Services. */
  public Collection<ClusterService> services() {
    return services.all();
  }

  /** The name of the node that has that address, in canonical form. */
  public Optional<String> nodeAt(String address) {
    return Optional.ofNullable(nodeByAddress.get(address));
  }

  /**
   * Whether the API server assigns that address, in canonical form: a pod's, also one that has
   * gone, a node's, or a Service's.
   */
  public boolean knows(String address) {
    return pods.knows(address)
        || nodeByAddress.containsKey(address)
        || services.at(address).isPresent();
  }

  /** Whether calls of that namespace are observed. */
  public boolean observes(String namespace) {
    return observesAll || observed.contains(namespace);
  }

  /** The observed namespaces that exist, sorted. */
  public Set<String> observedNamespaces() {
    return new TreeSet<>(observed);
  }

  /** Has a listener called when an observed namespace came or went; on a thread of the watch. */
  public void onNamespacesChanged(Runnable listener) {
    namespacesChanged.add(listener);
  }

  private void putNode(Node node) {
    String uid = node.getMetadata().getUid();
    List<NodeAddress> told = node.getStatus() == null ? null : node.getStatus().getAddresses();
    List<String> addresses =
        Objects.requireNonNullElse(told, List.<NodeAddress>of()).stream()
            .filter(address -> address.getType().endsWith("IP"))
            .map(address -> Addresses.canonical(address.getAddress()))
            .toList();
    removeNode(uid);
    NamedNode named = new NamedNode(node.getMetadata().getName(), addresses);
    nodeByUid.put(uid, named);
    addresses.forEach(address -> nodeByAddress.put(address, named.name()));
  }

  private void removeNode(String uid) {
    NamedNode node = nodeByUid.remove(uid);
    if (node != null) {
      // Another may have its address by now.
      node.addresses().forEach(address -> nodeByAddress.remove(address, node.name()));
    }
  }

  private void putNamespace(Namespace namespace) {
    String name = namespace.getMetadata().getName();
    if (namespaceByUid.put(namespace.getMetadata().getUid(), name) == null) {
      namespacesChanged();
    }
  }

  private void removeNamespace(String uid) {
    if (namespaceByUid.remove(uid) != null) {
      namespacesChanged();
    }
  }

  private void namespacesChanged() {
    observed = Set.copyOf(namespaceByUid.values());
    namespacesChanged.forEach(Runnable::run);
  }
}
