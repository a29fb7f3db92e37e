/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.profile;

/** All connections of one key. Not thread-safe. */
final class Line {

  private final LineSide client = new LineSide();
  private final LineSide server = new LineSide();

  /** The side of who opened them, or of who accepted. */
  LineSide side(boolean initiator) {
    return initiator ? client : server;
  }

  LineSide client() {
    return client;
  }

  LineSide server() {
    return server;
  }

  /** Of a hop both ends are told; one may have been told of alone. */
  int connections() {
    return Math.max(client.connections(), server.connections());
  }

  int open() {
    return Math.max(client.open(), server.open());
  }
}
