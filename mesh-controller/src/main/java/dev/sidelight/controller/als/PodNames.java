/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.als;

import dev.sidelight.correlator.Proxy;
import dev.sidelight.correlator.ProxyType;
import dev.sidelight.correlator.SocketAddress;
import dev.sidelight.correlator.Workload;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Whose pod an address is: what the cluster says, and of addresses that are none of the cluster's
 * what proxies and probes have told of their pods. Any thread. Those are used again after a pod has
 * gone, so whoever asks trusts everything else more.
 */
public final class PodNames {

  /** A /16 of pods; those beyond it have no name. */
  private static final int MOST = 1 << 16;

  // deps
  private final ClusterView cluster;

  // state
  private final Map<String, Workload> workloadByAddress = new ConcurrentHashMap<>();

  /** Without a cluster that could be asked. */
  PodNames() {
    this(ClusterView.NONE);
  }

  /** Nobody has told anything yet. */
  public PodNames(ClusterView cluster) {
    this.cluster = cluster;
  }

  /**
   * Learns a pod's workload from a probe; the last word counts, but of the same workload a proxy's
   * stays, which knows its cluster.
   */
  public void learn(String address, Workload workload) {
    Workload known = workloadByAddress.get(address);
    boolean same =
        known != null
            && known.namespace().equals(workload.namespace())
            && known.workload().equals(workload.workload());
    if (!same) {
      put(address, workload);
    }
  }

  private void put(String address, Workload workload) {
    if (workloadByAddress.size() < MOST || workloadByAddress.containsKey(address)) {
      workloadByAddress.put(address, workload);
    }
  }

  /** Learns a proxy's pod: not of a ztunnel, behind which all pods of the node are. */
  void learn(Proxy proxy) {
    if (proxy.type() != ProxyType.ZTUNNEL) {
      put(proxy.podAddress(), proxy.workload());
    }
  }

  /** Unknown where nobody told. */
  Workload at(SocketAddress address, long epochMillis) {
    Workload assigned = cluster.at(address, epochMillis);
    return assigned == null
        ? workloadByAddress.getOrDefault(address.address(), Workload.UNKNOWN)
        : assigned;
  }

  /**
   * A proxy whose workload is what the cluster says of its pod, where it has a pod of the name and
   * the address that the proxy tells. Its Istio's CLUSTER_ID is its own word.
   */
  Proxy confirmed(Proxy proxy) {
    String[] parts = proxy.nodeId().split("~", -1);
    int dot = parts[2].lastIndexOf('.');
    Workload pod =
        dot < 0
            ? null
            : cluster.pod(
                parts[2].substring(dot + 1), parts[2].substring(0, dot), proxy.podAddress());
    if (pod == null) {
      return proxy;
    }
    Workload workload =
        new Workload(
            proxy.workload().cluster(), pod.namespace(), pod.workload(), pod.app(), pod.version());
    return new Proxy(proxy.nodeId(), proxy.type(), proxy.podAddress(), workload);
  }

  /** Whether calls of that namespace are asked for. */
  public boolean observes(String namespace) {
    return cluster.observes(namespace);
  }

  /** Whether calls of the pod that has an address now are asked for; also where it has no name. */
  public boolean observesPodAt(String address) {
    Workload workload = at(new SocketAddress(address, 0), System.currentTimeMillis());
    return workload.equals(Workload.UNKNOWN) || cluster.observes(workload.namespace());
  }
}
