/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.kubernetes;

import dev.sidelight.correlator.Workload;
import java.util.List;
import java.util.Map;

/** Pods as the directory has them. */
final class TestPods {

  static final long SECOND = 1_000;

  private TestPods() {}

  /** Of Deployment {@code WORKLOAD} in bookinfo, named {@code WORKLOAD-UID}. */
  static ClusterPod pod(String uid, String workload, long startEpochMillis, String... addresses) {
    return new ClusterPod(
        uid,
        "bookinfo",
        workload + "-" + uid,
        "kwok-1",
        "default",
        new Workload("unknown", "bookinfo", workload, workload, "latest"),
        "Deployment",
        Map.of("app", workload),
        List.of(addresses),
        false,
        startEpochMillis,
        false);
  }

  static ClusterPod inCluster(String cluster, ClusterPod pod) {
    return pod.in(cluster);
  }

  static ClusterPod ended(ClusterPod pod) {
    return changed(pod, pod.hostNetwork(), true);
  }

  static ClusterPod onHostNetwork(ClusterPod pod) {
    return changed(pod, true, pod.ended());
  }

  private static ClusterPod changed(ClusterPod pod, boolean hostNetwork, boolean ended) {
    return new ClusterPod(
        pod.uid(),
        pod.namespace(),
        pod.name(),
        pod.node(),
        pod.serviceAccount(),
        pod.workload(),
        pod.workloadKind(),
        pod.labels(),
        pod.addresses(),
        hostNetwork,
        pod.startEpochMillis(),
        ended);
  }
}
