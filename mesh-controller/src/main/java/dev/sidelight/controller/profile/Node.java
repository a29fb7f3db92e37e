/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.profile;

/**
 * What a line begins or ends at.
 *
 * @param kind a process of the pod, or what lies outside
 * @param name of the process, of the workload, or an address
 * @param namespace of a workload, empty where it is not known, and of all others
 */
record Node(Kind kind, String name, String namespace) {

  /** Where connections go for which there is no line. */
  static final Node OTHER = new Node(Kind.REMOTE, "other", "");

  /** What there is. */
  enum Kind {
    /** Of the pod, one or several of the same name. */
    PROCESS("process"),
    /** Whose address it is, a probe knows. */
    WORKLOAD("workload"),
    /** Nobody knows. */
    REMOTE("remote");

    private final String key;

    Kind(String key) {
      this.key = key;
    }

    String key() {
      return key;
    }
  }

  static Node process(String name) {
    return new Node(Kind.PROCESS, name.isEmpty() ? "unknown" : name, "");
  }

  /** Names it within one profile. */
  String id() {
    return kind.key() + ":" + (namespace.isEmpty() ? "" : namespace + "/") + name;
  }
}
