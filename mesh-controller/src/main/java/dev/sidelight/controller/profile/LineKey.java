/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.profile;

import java.nio.charset.StandardCharsets;
import java.util.UUID;

/**
 * What the connections of one line have in common.
 *
 * @param from opened them
 * @param to accepted them
 * @param protocol what they speak
 * @param tls whether they are encrypted
 * @param port that they were accepted on
 */
record LineKey(Node from, Node to, String protocol, boolean tls, int port) {

  /** The same at every reading, fit for a path. */
  String id() {
    String text = from.id() + '\n' + to.id() + '\n' + protocol + '\n' + tls + '\n' + port;
    return UUID.nameUUIDFromBytes(text.getBytes(StandardCharsets.UTF_8)).toString();
  }

  /** What stands for it where there is no room for another line. */
  LineKey other() {
    return new LineKey(
        from.kind() == Node.Kind.PROCESS ? from : Node.OTHER,
        to.kind() == Node.Kind.PROCESS && from.kind() != Node.Kind.PROCESS ? to : Node.OTHER,
        "tcp",
        false,
        0);
  }
}
