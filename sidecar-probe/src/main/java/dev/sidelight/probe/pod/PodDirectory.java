/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.pod;

import java.util.Optional;
import java.util.function.IntFunction;

/**
 * Which workload a network namespace, or an address of a pod of this node, belongs to. Lookups may
 * be done by any thread and never wait; {@link #refresh} is the scanning thread's.
 */
public final class PodDirectory implements AutoCloseable {

  // deps
  private final IntFunction<Optional<Pod>> pods;
  private final PodIndex index = new PodIndex();
  private final PodRegistry registry;

  /**
   * A directory that knows nobody before {@link #start}.
   *
   * @param pods what the scanner knows of a namespace
   * @param settings where names come from
   */
  public PodDirectory(IntFunction<Optional<Pod>> pods, RegistrySettings settings) {
    this.pods = pods;
    registry =
        switch (settings.source()) {
          case NONE -> new NoRegistry();
          case FILE -> new FileRegistry(settings.file(), index);
          case KUBERNETES -> new KubernetesRegistry(settings, index);
        };
  }

  /** Begins to learn; returns at once, also where the registry cannot be reached. */
  public void start() {
    registry.start();
  }

  /** Looks whether a registry that is a file has changed. */
  public void refresh() {
    registry.refresh();
  }

  /**
   * The workload of a pod.
   *
   * @param netns inode of its network namespace
   * @return empty where no registry names it, or not yet
   */
  public Optional<Workload> workload(int netns) {
    Optional<Workload> named = index.byNetns(netns);
    return named.isPresent() ? named : pods.apply(netns).flatMap(this::workload);
  }

  /**
   * The workload of a pod of this node.
   *
   * @param address the pod's own, as {@link java.net.InetAddress#getHostAddress} writes it
   * @return empty where no registry names it: not a pod, another node's, or the node's own address
   */
  public Optional<Workload> workload(String address) {
    return index.byAddress(address);
  }

  /** How many pods the registry names. */
  public int namedCount() {
    return index.size();
  }

  /** Whether the registry was read and can be reached. */
  public boolean isSynced() {
    return registry.isSynced();
  }

  @Override
  public void close() {
    registry.close();
  }

  private Optional<Workload> workload(Pod pod) {
    Optional<Workload> named = index.byUid(pod.uid());
    return named.isPresent()
        ? named
        : pod.addresses().stream().map(index::byAddress).flatMap(Optional::stream).findFirst();
  }
}
