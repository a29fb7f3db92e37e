/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.graph;

import java.util.List;

/** Where the graph finds its edges. Called on worker threads. */
public interface GraphEdges {

  /** Edges of HTTP and gRPC. */
  List<GraphEdge> requests(GraphWindow window);

  /** Edges of TCP connections. */
  List<GraphTcpEdge> connections(GraphWindow window);

  /** Whether anything in a namespace is known. */
  boolean knows(String namespace);
}
