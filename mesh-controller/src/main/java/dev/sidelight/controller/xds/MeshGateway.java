/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.xds;

/**
 * A proxy at the edge of the mesh, which leads from one port to one service.
 *
 * @param port that it listens on
 * @param service name of the service behind it
 */
record MeshGateway(
    String workload,
    String namespace,
    String serviceAccount,
    int port,
    String service,
    String serviceNamespace) {

  /** Name of its listener. */
  String listener() {
    return "0.0.0.0_" + port;
  }

  /** Name of its route configuration. */
  String route() {
    return "http." + port;
  }
}
