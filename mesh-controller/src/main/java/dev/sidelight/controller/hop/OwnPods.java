/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.hop;

import dev.sidelight.hop.v1.Pod;
import dev.sidelight.hop.v1.TcpSeries;
import io.vertx.grpc.common.GrpcStatus;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What one probe may tell of: its node, the pods of it, and their workloads. One thread. */
final class OwnPods {

  /** A node has a hundred pods; who names more has its series refused. */
  private static final int MOST_WORKLOADS = 10_000;

  // deps
  private final ProbeAdmission admission;
  private final String admittedNode;

  // state
  private final Set<String> workloads = new HashSet<>();
  private final Map<Integer, String> reasonByNetns = new HashMap<>();

  /**
   * Of a stream.
   *
   * @param admission knows which pods are a node's
   * @param admittedNode the node that the probe may be of; empty for any
   */
  OwnPods(ProbeAdmission admission, String admittedNode) {
    this.admission = admission;
    this.admittedNode = admittedNode;
  }

  void requireNode(String node) throws RefusedException {
    if (!admittedNode.isEmpty() && !admittedNode.equals(node)) {
      throw new RefusedException(
          "other_node",
          GrpcStatus.PERMISSION_DENIED,
          "the token is of a pod on " + admittedNode + ", and the hello names " + node);
    }
  }

  /** Told of a pod that may not be told of. */
  interface Refused {
    void pod(String reason, Pod pod);
  }

  /** Those that may be told of. */
  List<Pod> admitted(String node, List<Pod> pods, Refused refused) {
    if (!admission.knowsProbes()) {
      return pods;
    }
    List<Pod> admitted = new ArrayList<>(pods.size());
    reasonByNetns.clear();
    for (Pod pod : pods) {
      String reason = admission.whyNot(node, pod);
      if (reason.isEmpty()) {
        admitted.add(pod);
        if (workloads.size() < MOST_WORKLOADS) {
          workloads.add(pod.getNamespace() + "/" + pod.getWorkload());
        }
      } else {
        reasonByNetns.put(pod.getNetns(), reason);
        refused.pod(reason, pod);
      }
    }
    return admitted;
  }

  /** Why the pod of this network namespace was not among the last that were admitted, or null. */
  String reason(int netns) {
    return reasonByNetns.get(netns);
  }

  /** Series without a workload are of processes that no registry knows. */
  void requireOwn(TcpSeries series) throws RefusedException {
    String workload = series.getNamespace() + "/" + series.getWorkload();
    if (admission.knowsProbes() && workload.length() > 1 && !workloads.contains(workload)) {
      throw new RefusedException(
          "other_workload", "of " + workload + ", of which the probe has no pod");
    }
  }
}
