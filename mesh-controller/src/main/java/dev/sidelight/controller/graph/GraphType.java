/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.graph;

/** What nodes stand for. */
enum GraphType {
  /** A workload. */
  WORKLOAD("workload"),
  /** A version of an app. */
  VERSIONED_APP("versionedApp"),
  /** An app, all versions together. */
  APP("app"),
  /** A service, whoever answers for it. */
  SERVICE("service");

  private final String parameter;

  GraphType(String parameter) {
    this.parameter = parameter;
  }

  static GraphType of(String parameter) {
    for (GraphType type : values()) {
      if (type.parameter.equals(parameter)) {
        return type;
      }
    }
    throw BadQueryException.badRequest("Invalid graphType [" + parameter + "]");
  }

  String parameter() {
    return parameter;
  }

  boolean ofApps() {
    return this == APP || this == VERSIONED_APP;
  }
}
