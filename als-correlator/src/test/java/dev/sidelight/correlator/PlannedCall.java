/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.correlator;

import java.util.List;

/**
 * What a test decides of one call. All zero is the plainest: productpage calls reviews on
 * connections that are open, and every record arrives at once.
 *
 * @param route who calls whom
 * @param downstreamConnection which of the caller's connections to its sidecar
 * @param linkConnection which of the connections between the proxies
 * @param upstreamConnection which of the sidecar's connections to its app
 * @param reopened that these have been closed and opened anew, with the same ports
 * @param requestId apps forward ids: calls that have one in common
 * @param gapMicros since the previous call began, or the connection was free
 * @param slowStep the step of the path that takes longer than usual
 * @param slowMicros by how much
 * @param attempts of the source's router
 * @param endsApart that the probe did not pair the ends of the hops
 * @param protocol of its connections
 * @param flushed that its connections lay idle afterwards: records come when the probe looks for
 *     such ones, and one of a response that paused has come before
 * @param fates what becomes of each record, in the order of {@link MeshCall#records}
 */
record PlannedCall(
    MeshRoute route,
    int downstreamConnection,
    int linkConnection,
    int upstreamConnection,
    boolean reopened,
    int requestId,
    int gapMicros,
    int slowStep,
    int slowMicros,
    int attempts,
    boolean endsApart,
    MeshProtocol protocol,
    boolean flushed,
    List<Fate> fates) {

  /** No call has more records: two entries, two attempts, six ends, one that paused. */
  static final int MAX_RECORDS = 11;

  /**
   * What becomes of a record on its way.
   *
   * @param copies 0 where it is lost, 2 where it comes twice
   * @param delayMillis after the event it tells of
   */
  record Fate(int copies, int delayMillis) {}
}
