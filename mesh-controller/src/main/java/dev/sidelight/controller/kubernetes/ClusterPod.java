/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.kubernetes;

import dev.sidelight.correlator.Workload;
import java.util.List;
import java.util.Map;

/**
 * A pod as the API server has it.
 *
 * @param uid of this pod, never used again
 * @param namespace its own
 * @param name its own, used again by a StatefulSet
 * @param node where it runs; empty before it is scheduled
 * @param serviceAccount whose token and certificate it has
 * @param workload who it belongs to; its cluster is Istio's CLUSTER_ID of an injected pod
 * @param workloadKind of what: Deployment, StatefulSet, DaemonSet, Job, CronJob, Rollout, Pod...
 * @param labels its own
 * @param addresses canonical texts; the node's where it is in the node's network
 * @param hostNetwork whether it shares the network of its node, and so its addresses with others
 * @param startEpochMillis when its node took it, in whole seconds; before that when it was created
 * @param ended whether its containers run no more, so that its addresses may be another's
 */
public record ClusterPod(
    String uid,
    String namespace,
    String name,
    String node,
    String serviceAccount,
    Workload workload,
    String workloadKind,
    Map<String, String> labels,
    List<String> addresses,
    boolean hostNetwork,
    long startEpochMillis,
    boolean ended) {

  /** Makes what it holds immutable. */
  public ClusterPod {
    labels = Map.copyOf(labels);
    addresses = List.copyOf(addresses);
  }

  /** {@code NAMESPACE/NAME}. */
  public String key() {
    return namespace + "/" + name;
  }

  ClusterPod in(String cluster) {
    return new ClusterPod(
        uid,
        namespace,
        name,
        node,
        serviceAccount,
        new Workload(cluster, namespace, workload.workload(), workload.app(), workload.version()),
        workloadKind,
        labels,
        addresses,
        hostNetwork,
        startEpochMillis,
        ended);
  }
}
