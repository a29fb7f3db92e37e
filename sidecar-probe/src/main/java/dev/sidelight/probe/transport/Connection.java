/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.transport;

/** One end of a connection, as its table knows it. Guarded by the table's lock. */
final class Connection {
  /** What it had carried when it was first met, if it was here before and had to go; else null. */
  final ConnectionRecord base;

  ConnectionRecord latest;
  ConnectionRecord counted;
  GrowthKey key;

  /** The other end's where that is in the same pod; 0 where it is not, or not yet known. */
  long peerCookie;

  boolean waited;

  Connection(ConnectionRecord first) {
    // What it carried until it had to go is counted, or lost.
    base = first.reports() > 0 ? first : null;
    counted = base;
    latest = first;
  }
}
