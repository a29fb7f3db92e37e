/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.graph;

import dev.sidelight.correlator.Workload;
import java.util.Comparator;

/**
 * A node of the graph; the same key is the same node.
 *
 * @param key what its id is the digest of
 * @param nodeType Kiali's
 * @param workload what it stands for, or the first of what it stands for
 * @param single stands for one workload, rather than for all versions of an app
 */
record GraphNode(String key, String nodeType, Workload workload, boolean single) {

  /** Kiali's order. */
  static final Comparator<GraphNode> ORDER =
      Comparator.comparing((GraphNode node) -> node.workload().namespace())
          .thenComparing(node -> node.workload().app())
          .thenComparing(node -> node.workload().version())
          .thenComparing(node -> node.workload().workload())
          .thenComparing(GraphNode::key);

  String id() {
    return Ids.digest(key);
  }

  String boxKey() {
    return "box_" + workload.cluster() + "_" + workload.namespace() + "_" + workload.app();
  }

  boolean isUnknown() {
    return workload.equals(Workload.UNKNOWN);
  }
}
