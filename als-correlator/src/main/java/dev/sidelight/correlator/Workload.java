/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.correlator;

import java.util.Objects;

/**
 * One end of an edge, in Istio's words. No component is null; what is not known is {@code
 * "unknown"}, as in Istio's own metrics.
 *
 * @param cluster Istio's CLUSTER_ID
 * @param namespace Kubernetes namespace
 * @param workload name of the Deployment or its like
 * @param app canonical service: label {@code service.istio.io/canonical-name}, else {@code app}
 * @param version canonical revision: label {@code service.istio.io/canonical-revision}, else {@code
 *     version}
 */
public record Workload(
    String cluster, String namespace, String workload, String app, String version) {

  private static final String ABSENT = "unknown";

  /** What stands outside the mesh, or was not identified. */
  public static final Workload UNKNOWN = new Workload(ABSENT, ABSENT, ABSENT, ABSENT, ABSENT);

  /**
   * Whether it is another's: both tell the namespace, or the workload, and not the same. App and
   * version may be a service's and a subset's, as clusters are named, and are no contradiction.
   */
  boolean contradicts(Workload other) {
    return !equals(other)
        && (differ(namespace, other.namespace) || differ(workload, other.workload));
  }

  private static boolean differ(String one, String other) {
    return !one.equals(ABSENT) && !other.equals(ABSENT) && !one.equals(other);
  }

  /** Rejects null. */
  public Workload {
    Objects.requireNonNull(cluster, "cluster");
    Objects.requireNonNull(namespace, "namespace");
    Objects.requireNonNull(workload, "workload");
    Objects.requireNonNull(app, "app");
    Objects.requireNonNull(version, "version");
  }
}
