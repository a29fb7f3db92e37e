/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.status;

import java.util.List;

/**
 * How the controller is, now.
 *
 * @param version of the program
 * @param startEpochMillis when it started
 * @param nowEpochMillis when this was told
 * @param ready whether it takes records and serves
 * @param listening where
 * @param alsStreams access log streams that are open
 * @param proxies those that have or had one, by node id
 * @param probes those that are or were connected, by node
 * @param total counters since the start
 * @param recent what they have grown by in the last minute
 * @param pendingEntries access log entries in the correlator's window
 * @param pendingEnds exchange ends in it
 * @param configuration what is wrong with others' configuration, as others found it
 * @param tokenNeeded whether what changes something needs the API token
 * @param cluster how the cluster is watched; null where no API server is asked
 */
public record Status(
    String version,
    long startEpochMillis,
    long nowEpochMillis,
    boolean ready,
    Listening listening,
    int alsStreams,
    List<Peers.Peer> proxies,
    List<Peers.Peer> probes,
    Counters total,
    Counters recent,
    long pendingEntries,
    long pendingEnds,
    List<Problem> configuration,
    boolean tokenNeeded,
    ClusterStatus cluster) {

  /** Whether any probe is connected. */
  boolean hasProbe() {
    return probes.stream().anyMatch(Peers.Peer::isConnected);
  }
}
