/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.overlay;

/**
 * One step of the way from a workload over its sidecars to another.
 *
 * @param id as Kiali makes them
 * @param sourceId id of a node
 * @param targetId id of a node
 * @param traffic what goes this way
 */
record HopEdge(String id, String sourceId, String targetId, Traffic traffic) {

  static HopEdge between(String sourceId, String targetId, String protocol) {
    return new HopEdge(
        HopNode.digest(sourceId + "." + targetId + "." + protocol),
        sourceId,
        targetId,
        new Traffic(protocol));
  }
}
