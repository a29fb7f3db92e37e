/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.status;

import java.util.Collection;
import java.util.Optional;
import java.util.stream.Collectors;

/** What of the cluster is not known. */
final class ClusterRules {

  private ClusterRules() {}

  static Optional<Problem> notWatched(Status status) {
    ClusterStatus cluster = status.cluster();
    if (cluster == null || cluster.complaints().isEmpty()) {
      return Optional.empty();
    }
    return ProblemRules.problem(
        ProblemCode.KUBERNETES_NOT_WATCHED,
        "The API server at "
            + cluster.server()
            + " does not tell of changes of "
            + String.join(", ", cluster.complaints().keySet())
            + reasons(cluster.complaints().values())
            + ". What was known stays; pods that are new have no name.",
        "kubectl get --raw /readyz says whether the API server is there. What is forbidden the"
            + " ClusterRole sidelight-controller has to allow, bound to the controller's"
            + " ServiceAccount: kubectl apply -f istio-addon/sidelight.yaml.");
  }

  private static String reasons(Collection<String> complaints) {
    String reasons =
        complaints.stream()
            .filter(reason -> !reason.isEmpty())
            .distinct()
            .collect(Collectors.joining("; "));
    return reasons.isEmpty() ? "" : ": " + reasons;
  }
}
