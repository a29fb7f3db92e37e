/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller;

import dev.sidelight.controller.als.ProxyIdentities;
import dev.sidelight.controller.kubernetes.Cluster;
import dev.sidelight.controller.kubernetes.ClusterPod;
import dev.sidelight.correlator.Proxy;
import java.util.Optional;

/**
 * Holds what an Envoy says of itself against the certificate that it has shown, and against what
 * the API server has of its pod where it is asked.
 */
final class ProxyGate implements ProxyIdentities {

  // deps
  private final Cluster cluster;

  /** A gate; without a cluster it compares namespaces alone. */
  ProxyGate(Cluster cluster) {
    this.cluster = cluster;
  }

  @Override
  public String whyNot(String namespace, String serviceAccount, Proxy proxy) {
    String named = proxy.nodeId().split("~", -1)[2];
    int dot = named.lastIndexOf('.');
    String podNamespace = named.substring(dot + 1);
    if (!podNamespace.equals(namespace) || !proxy.workload().namespace().equals(namespace)) {
      return "other_namespace";
    }
    if (cluster == null) {
      return "";
    }
    if (!cluster.isSynced()) {
      return "not_synced";
    }
    Optional<ClusterPod> pod = cluster.pod(namespace, named.substring(0, Math.max(dot, 0)));
    if (pod.isEmpty()) {
      return "unknown_pod";
    }
    if (!pod.get().serviceAccount().equals(serviceAccount)) {
      return "other_service_account";
    }
    return pod.get().addresses().contains(proxy.podAddress()) ? "" : "other_pods_address";
  }
}
