/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.correlator;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Istio's cluster names, {@code outbound|PORT|SUBSET|HOST}. */
final class UpstreamCluster {

  private static final Pattern OUTBOUND =
      Pattern.compile("outbound\\|\\d+\\|([^|]*)\\|([^.|]+)(?:\\.([^.|]+)\\.svc\\..*)?.*");

  private UpstreamCluster() {}

  /**
   * What the cluster's name tells of a destination whose proxy does not log: service and namespace,
   * never the workload.
   */
  static Workload workload(AccessLogEntry entry) {
    Matcher name = OUTBOUND.matcher(entry.upstreamCluster());
    if (!name.matches() || name.group(3) == null) {
      return Workload.UNKNOWN;
    }
    return new Workload(
        entry.proxy().workload().cluster(),
        name.group(3),
        Workload.UNKNOWN.workload(),
        name.group(2),
        name.group(1).isEmpty() ? Workload.UNKNOWN.version() : name.group(1));
  }
}
