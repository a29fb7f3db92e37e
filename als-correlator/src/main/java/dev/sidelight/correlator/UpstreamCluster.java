/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.correlator;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Istio's cluster names, {@code outbound|PORT|SUBSET|HOST}. */
public final class UpstreamCluster {

  private static final Pattern OUTBOUND =
      Pattern.compile("outbound\\|\\d+\\|([^|]*)\\|([^|]+)\\|?");

  /** A service of Kubernetes, {@code NAME.NAMESPACE.svc.DOMAIN}. */
  private static final Pattern SERVICE = Pattern.compile("([^.]+)\\.([^.]+)\\.svc\\..+");

  private UpstreamCluster() {}

  /** What an entry tells of a destination whose proxy does not log. */
  static Workload workload(AccessLogEntry entry) {
    return entry.upstreamPeer().equals(Workload.UNKNOWN)
        ? workload(entry.upstreamCluster(), entry.proxy().workload().cluster())
        : entry.upstreamPeer();
  }

  /**
   * What a cluster's name tells of what is behind it: service and namespace, never the workload; of
   * a host outside the mesh its name, as the service.
   *
   * @param name Envoy's cluster name
   * @param meshCluster Istio's CLUSTER_ID of whoever uses the name
   */
  public static Workload workload(String name, String meshCluster) {
    Matcher outbound = OUTBOUND.matcher(name);
    if (!outbound.matches()) {
      return Workload.UNKNOWN;
    }
    String unknown = Workload.UNKNOWN.workload();
    String version = outbound.group(1).isEmpty() ? unknown : outbound.group(1);
    Matcher service = SERVICE.matcher(outbound.group(2));
    return service.matches()
        ? new Workload(meshCluster, service.group(2), unknown, service.group(1), version)
        : new Workload(unknown, unknown, unknown, outbound.group(2), version);
  }
}
