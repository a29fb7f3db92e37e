/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.transport;

import java.util.List;

/**
 * The labels of a series.
 *
 * @param process file name of the local owner's executable
 * @param workload the pod's workload
 * @param namespace its namespace
 * @param peer name of the peer's process in the same pod, else of its workload, else "remote"
 * @param peerKind which of these
 * @param side "client" opened the connection, "server" accepted it
 * @param protocol what it speaks
 * @param tls whether it is encrypted
 */
record SeriesKey(
    String process,
    String workload,
    String namespace,
    String peer,
    String peerKind,
    String side,
    Protocol protocol,
    boolean tls) {
  static final List<String> NAMES =
      List.of("process", "workload", "namespace", "peer", "peer_kind", "side", "protocol", "tls");
  static final String CLIENT = "client";
  static final String SERVER = "server";
  private static final String OTHER = "other";

  List<String> values() {
    return List.of(
        process,
        workload,
        namespace,
        peer,
        peerKind,
        side,
        protocol.label(),
        Boolean.toString(tls));
  }

  /** What it is merged into where there are too many. */
  SeriesKey merged() {
    return new SeriesKey(OTHER, OTHER, OTHER, OTHER, OTHER, side, protocol, tls);
  }
}
