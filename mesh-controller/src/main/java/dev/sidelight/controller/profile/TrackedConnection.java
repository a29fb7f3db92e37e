/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.profile;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Function;

/**
 * One end of a connection that is open. What it carried lately waits here and not in a line: only
 * its first bytes tell what it speaks, and its other end may be told of later. Not thread-safe.
 */
final class TrackedConnection {

  /** What it carried in one report's interval. */
  record Recent(int report, Figures figures) {}

  // state
  private final Deque<Recent> recent = new ArrayDeque<>();
  private ReportedConnection latest;
  private int latestReport;
  private String peerProcess;
  private int peerPort;
  private String peerProtocol = "";

  /** It was told of. */
  void tell(int report, ReportedConnection connection) {
    latest = connection;
    latestReport = report;
    if (!connection.figures().isEmpty()) {
      recent.addLast(new Recent(report, connection.figures()));
    }
  }

  /** Its other end is known. */
  void tellPeer(TrackedConnection peer) {
    peerProcess = peer.latest.process();
    peerPort = peer.latest.localPort();
    peerProtocol = peer.latest.protocol();
  }

  ReportedConnection latest() {
    return latest;
  }

  int latestReport() {
    return latestReport;
  }

  Deque<Recent> recent() {
    return recent;
  }

  /**
   * The line that it belongs to, as far as is known by now.
   *
   * @param farOf who is at the other end, where no process of the pod is known to be
   */
  LineKey key(Function<ReportedConnection, Node> farOf) {
    Node own = Node.process(latest.process());
    Node other = other(farOf);
    // The listener's own port: what the other end meant may have been redirected.
    int port = latest.initiator() ? listenersPort() : latest.localPort();
    return new LineKey(
        latest.initiator() ? own : other,
        latest.initiator() ? other : own,
        protocol(),
        latest.tls(),
        port);
  }

  private Node other(Function<ReportedConnection, Node> farOf) {
    if (peerProcess != null) {
      return Node.process(peerProcess);
    }
    return latest.peerKind().equals("process") ? Node.process(latest.peer()) : farOf.apply(latest);
  }

  private int listenersPort() {
    return peerProcess == null ? latest.remotePort() : peerPort;
  }

  /** One end may have told what it is before the other did. */
  private String protocol() {
    boolean known = !latest.protocol().isEmpty() && !latest.protocol().equals("tcp");
    return known || peerProtocol.isEmpty() ? latest.protocol() : peerProtocol;
  }
}
