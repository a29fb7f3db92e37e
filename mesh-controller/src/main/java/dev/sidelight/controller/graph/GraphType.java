/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.graph;

import dev.sidelight.correlator.Workload;

/** What a node stands for. */
enum GraphType {
  /** A workload. */
  WORKLOAD("workload", "workload"),
  /** A version of an app, inside the app's box. */
  VERSIONED_APP("versionedApp", "app"),
  /** An app, all versions together. */
  APP("app", "app");

  private final String parameter;
  private final String nodeType;

  GraphType(String parameter, String nodeType) {
    this.parameter = parameter;
    this.nodeType = nodeType;
  }

  static GraphType of(String parameter) {
    for (GraphType type : values()) {
      if (type.parameter.equals(parameter)) {
        return type;
      }
    }
    throw new BadQueryException(
        "graphType must be workload, versionedApp or app, but was '"
            + parameter
            + "'; calls name no service, so there is no service graph");
  }

  String parameter() {
    return parameter;
  }

  GraphNode node(Workload workload) {
    if (workload.equals(Workload.UNKNOWN)) {
      return new GraphNode(workload.cluster() + "_unknown_source", "unknown", workload, true);
    }
    String place = workload.cluster() + "_" + workload.namespace() + "_";
    String key =
        switch (this) {
          case WORKLOAD -> "wl_" + place + workload.workload();
          case VERSIONED_APP -> "vapp_" + place + workload.workload();
          case APP -> "app_" + place + workload.app();
        };
    return new GraphNode(key, nodeType, workload, this != APP);
  }
}
