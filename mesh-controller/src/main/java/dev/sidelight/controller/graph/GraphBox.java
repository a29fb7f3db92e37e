/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.graph;

import java.util.List;

/**
 * A box around nodes.
 *
 * @param id digest of its key
 * @param by {@code app}, {@code namespace} or {@code cluster}
 * @param cluster its members'
 * @param namespace its members'; empty where they are of several
 * @param app its members'; empty where they are of several
 * @param outside whether one of its members is outside of what was asked for
 * @param inaccessible whether one of its members is of no known namespace
 * @param parent id of the box that it is in; empty where in none
 */
record GraphBox(
    String id,
    String by,
    String cluster,
    String namespace,
    String app,
    boolean outside,
    boolean inaccessible,
    String parent) {

  static final String APP = "app";
  static final String NAMESPACE = "namespace";
  static final String CLUSTER = "cluster";

  /** The outermost first. */
  static final List<String> RANKS = List.of(CLUSTER, NAMESPACE, APP);

  GraphBox in(String box) {
    return new GraphBox(id, by, cluster, namespace, app, outside, inaccessible, box);
  }
}
