/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.overlay;

/**
 * A node of Kiali's graph, as far as it matters here; absent texts are null.
 *
 * @param id Kiali's, opaque
 * @param parent id of the box around it
 * @param nodeType Kiali's
 * @param cluster its cluster
 * @param namespace its namespace
 * @param workload name of the workload, absent where it stands for several
 * @param app canonical service
 */
record KialiNode(
    String id,
    String parent,
    String nodeType,
    String cluster,
    String namespace,
    String workload,
    String app) {

  boolean is(String type) {
    return nodeType.equals(type);
  }

  /** What its sidecars are named after. */
  String name() {
    return workload == null ? app : workload;
  }
}
