/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.als;

import dev.sidelight.correlator.SocketAddress;
import dev.sidelight.correlator.UpstreamCluster;
import dev.sidelight.correlator.Workload;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Names the far side of a proxy's connection, whose own proxy may never tell. Where it does, its
 * node id and metadata stand above all of this; else, the most trusted first:
 *
 * <ol>
 *   <li>the SPIFFE id of its certificate, which is proven, but names namespace and service account
 *       only (downstream: Envoy logs no certificate of the upstream's);
 *   <li>upstream the cluster that Istio has configured: service and namespace;
 *   <li>filter state: what the peer's proxy said of itself by metadata exchange, or the control
 *       plane of its address. Names all;
 *   <li>the pod that had its address when the call began.
 * </ol>
 *
 * The answer is the fullest that nothing more trusted contradicts. What contradicts is left out,
 * and counted. One thread.
 */
final class PeerIdentity {

  private static final String NAMESPACE_MARK = "/ns/";

  /** Names of clusters and of certificates come from the network. */
  private static final int MOST_NAMES = 4_096;

  // deps
  private final PodNames pods;

  // state
  private final Map<String, Workload> workloadByCluster = new HashMap<>();
  private final Map<String, Workload> workloadByPrincipal = new HashMap<>();
  private String contradicted = "";

  PeerIdentity(PodNames pods) {
    this.pods = pods;
  }

  void clear() {
    contradicted = "";
  }

  /** The evidence that something more trusted contradicts since {@link #clear}; else empty. */
  String contradicted() {
    return contradicted;
  }

  /**
   * Who is behind a downstream connection.
   *
   * @param told by filter state; unknown where absent
   * @param principal the URI SAN of its certificate; empty where absent
   * @param address its own
   * @param startEpochNanos when the call began
   */
  Workload downstream(
      Workload told, String principal, SocketAddress address, long startEpochNanos) {
    return fullest(ofPrincipal(principal), told, address, startEpochNanos);
  }

  /**
   * Who is behind an upstream connection.
   *
   * @param told by filter state; unknown where absent
   * @param cluster Envoy's name of it
   * @param meshCluster Istio's CLUSTER_ID of the proxy
   * @param address its own; null where none was chosen
   * @param startEpochNanos when the call began
   */
  Workload upstream(
      Workload told,
      String cluster,
      String meshCluster,
      SocketAddress address,
      long startEpochNanos) {
    return fullest(ofCluster(cluster, meshCluster), told, address, startEpochNanos);
  }

  private Workload fullest(
      Workload proven, Workload told, SocketAddress address, long startEpochNanos) {
    Workload pod =
        address == null
            ? Workload.UNKNOWN
            : pods.at(address, TimeUnit.NANOSECONDS.toMillis(startEpochNanos));
    if (!told.equals(Workload.UNKNOWN)) {
      if (!agree(proven.namespace(), told.namespace())) {
        contradicted = "filter_state";
        return proven;
      }
      if (!agree(told.namespace(), pod.namespace()) || !agree(told.workload(), pod.workload())) {
        contradicted = "address";
      }
      return told;
    }
    if (!agree(proven.namespace(), pod.namespace())) {
      contradicted = "address";
      return proven;
    }
    return pod.equals(Workload.UNKNOWN) ? proven : pod;
  }

  private static boolean agree(String one, String other) {
    return one.equals(other) || isUnknown(one) || isUnknown(other);
  }

  private static boolean isUnknown(String name) {
    return name.equals(Workload.UNKNOWN.namespace());
  }

  private Workload ofCluster(String name, String meshCluster) {
    Workload known = workloadByCluster.get(name);
    if (known == null) {
      known = UpstreamCluster.workload(name, meshCluster);
      if (workloadByCluster.size() < MOST_NAMES) {
        workloadByCluster.put(name, known);
      }
    }
    return known;
  }

  private Workload ofPrincipal(String principal) {
    Workload known = workloadByPrincipal.get(principal);
    if (known == null) {
      known = ofNamespace(namespaceOf(principal));
      if (workloadByPrincipal.size() < MOST_NAMES) {
        workloadByPrincipal.put(principal, known);
      }
    }
    return known;
  }

  private static Workload ofNamespace(String namespace) {
    String unknown = Workload.UNKNOWN.workload();
    return namespace.isEmpty()
        ? Workload.UNKNOWN
        : new Workload(unknown, namespace, unknown, unknown, unknown);
  }

  /** Of {@code spiffe://TRUST-DOMAIN/ns/NAMESPACE/sa/SERVICE-ACCOUNT}; else empty. */
  private static String namespaceOf(String principal) {
    int start = principal.indexOf(NAMESPACE_MARK);
    if (start < 0 || !principal.startsWith("spiffe://")) {
      return "";
    }
    start += NAMESPACE_MARK.length();
    int end = principal.indexOf("/sa/", start);
    return end < 0 ? "" : principal.substring(start, end);
  }
}
