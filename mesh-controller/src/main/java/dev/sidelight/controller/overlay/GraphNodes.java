/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.overlay;

import dev.sidelight.correlator.Workload;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Finds the node that stands for a workload, by its fields: ids are opaque. Immutable. */
final class GraphNodes {

  private static final String ABSENT = Workload.UNKNOWN.cluster();

  // state
  private final Map<Key, List<KialiNode>> nodes = new HashMap<>();

  GraphNodes(GraphDocument document) {
    for (KialiNode node : document.nodes()) {
      if (node.is("unknown")) {
        add(new Key(Kind.UNKNOWN, "", ""), node);
      } else if ((node.is("workload") || node.is("app")) && node.workload() != null) {
        add(new Key(Kind.WORKLOAD, node.namespace(), node.workload()), node);
      } else if (node.is("app") && node.app() != null) {
        add(new Key(Kind.APP, node.namespace(), node.app()), node);
      }
    }
  }

  private void add(Key key, KialiNode node) {
    nodes.computeIfAbsent(key, absent -> new ArrayList<>()).add(node);
  }

  /**
   * The workload's own node, or its app's where versions are drawn as one; null where there is none
   * or more than one.
   */
  KialiNode find(Workload workload) {
    if (workload.equals(Workload.UNKNOWN)) {
      return only(new Key(Kind.UNKNOWN, "", ""), ABSENT);
    }
    KialiNode own =
        only(new Key(Kind.WORKLOAD, workload.namespace(), workload.workload()), workload.cluster());
    return own != null
        ? own
        : only(new Key(Kind.APP, workload.namespace(), workload.app()), workload.cluster());
  }

  private KialiNode only(Key key, String cluster) {
    List<KialiNode> found =
        nodes.getOrDefault(key, List.of()).stream()
            .filter(node -> cluster.equals(ABSENT) || cluster.equals(node.cluster()))
            .toList();
    return found.size() == 1 ? found.get(0) : null;
  }

  private enum Kind {
    UNKNOWN,
    WORKLOAD,
    APP
  }

  private record Key(Kind kind, String namespace, String name) {}
}
