/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.als;

import dev.sidelight.correlator.Workload;

/** Makes a workload of names of which some may be empty. */
final class WorkloadNames {

  private WorkloadNames() {}

  /** Unknown is what is empty, and all of it where there is neither namespace, name nor app. */
  static Workload workload(
      String cluster, String namespace, String workload, String app, String version) {
    return namespace.isEmpty() && workload.isEmpty() && app.isEmpty()
        ? Workload.UNKNOWN
        : new Workload(
            orUnknown(cluster),
            orUnknown(namespace),
            orUnknown(workload),
            orUnknown(app),
            orUnknown(version));
  }

  static String orUnknown(String text) {
    return text.isEmpty() ? Workload.UNKNOWN.workload() : text;
  }
}
