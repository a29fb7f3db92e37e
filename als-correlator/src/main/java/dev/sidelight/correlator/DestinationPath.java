/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.correlator;

import static dev.sidelight.correlator.LatencyComponent.APPLICATION;
import static dev.sidelight.correlator.LatencyComponent.APPLICATION_QUEUE;
import static dev.sidelight.correlator.LatencyComponent.DESTINATION_HOP;
import static dev.sidelight.correlator.LatencyComponent.DESTINATION_SIDECAR;
import static dev.sidelight.correlator.LatencyComponent.DESTINATION_SIDECAR_QUEUE;
import static dev.sidelight.correlator.LatencyComponent.DESTINATION_UNSPLIT;
import static dev.sidelight.correlator.LatencyComponent.RESPONSE_TRANSFER;
import static dev.sidelight.correlator.LatencyComponent.RESPONSE_TRANSFER_BLOCKED;

/** The points of a call in the destination's clock domain; see {@link SourcePath} for the rule. */
final class DestinationPath {

  // state
  private final PointChain points = new PointChain();
  private boolean hop;
  private boolean direct;
  private boolean transferWaited;
  private boolean linkFull;
  // of the request, by the app that did not read: in the hop, in its sidecar, in that one's socket
  private long heldInHopNanos;
  private long heldInSidecarNanos;
  private long heldInQueueNanos;

  /** Takes what was seen of a leg; false where that is not all of its points. */
  boolean take(Leg leg) {
    if (leg.downstream == null && leg.upstream == null) {
      return false;
    }
    direct = leg.isDirect();
    hop = !direct && leg.app != null;
    SocketPoints downstream = SocketPoints.downstream(leg);
    long readNanos = downstream.lastReadNanos();
    SocketPoints upstream =
        direct
            ? new SocketPoints(readNanos, readNanos, readNanos, readNanos, false)
            : SocketPoints.upstream(leg);
    points
        .from(downstream.lastArrivalNanos())
        .then(downstream.lastReadNanos())
        .then(upstream.lastSendNanos());
    if (hop) {
      points
          .then(leg.app.lastArrivalNanos())
          .then(leg.app.lastReadNanos())
          .then(leg.app.firstSendNanos())
          .then(leg.app.lastSendNanos());
    } else {
      for (int i = 0; i < 4; i++) {
        points.then(points.at(2));
      }
    }
    points
        .then(upstream.lastArrivalNanos())
        .then(upstream.lastReadNanos())
        .then(downstream.lastSendNanos());
    holdBack(leg);
    transferWaited = hop && leg.waitedAtApp();
    linkFull = leg.waitedDownstream();
    return points.isComplete();
  }

  /** What the app held back by not reading; see {@link SourcePath} for the rule. */
  private void holdBack(Leg leg) {
    boolean sidecarWaited = hop && leg.waitedUpstream();
    heldInHopNanos = hop ? leg.app.unreadNanos(points.at(2), points.at(3)) : 0;
    heldInSidecarNanos = sidecarWaited ? leg.app.unreadNanos(points.at(1), points.at(2)) : 0;
    heldInQueueNanos = sidecarWaited ? leg.app.unreadNanos(points.at(0), points.at(1)) : 0;
  }

  boolean hasApplication() {
    return hop;
  }

  boolean isClamped() {
    return points.isClamped();
  }

  long startNanos() {
    return points.at(0);
  }

  /** From the request's arrival to the response's send. */
  long durationNanos() {
    return points.at(9) - points.at(0);
  }

  /** The request's time in the proxy, from its read to its send: what connecting is part of. */
  long requestNanos() {
    return points.distance(2) - heldInSidecarNanos;
  }

  /** The response's time in the proxy, from its read to its send. */
  long responseNanos() {
    return points.distance(9);
  }

  /** Whether the response's send to the link waited for room. */
  boolean isLinkFull() {
    return linkFull;
  }

  long upstreamSendNanos() {
    return points.at(2);
  }

  long applicationStartNanos() {
    return points.at(4);
  }

  long applicationEndNanos() {
    return points.at(5);
  }

  void addTo(ComponentSums sums) {
    sums.add(DESTINATION_SIDECAR_QUEUE, points.distance(1) + points.distance(8) - heldInQueueNanos);
    sums.add(DESTINATION_SIDECAR, requestNanos() + responseNanos());
    if (hop) {
      sums.add(DESTINATION_HOP, points.distance(3) + points.distance(7) - heldInHopNanos);
      sums.add(
          APPLICATION_QUEUE,
          points.distance(4) + heldInHopNanos + heldInSidecarNanos + heldInQueueNanos);
      sums.add(APPLICATION, points.distance(5));
      sums.add(transferWaited ? RESPONSE_TRANSFER_BLOCKED : RESPONSE_TRANSFER, points.distance(6));
    } else if (!direct) {
      sums.add(DESTINATION_UNSPLIT, points.distance(7));
    }
  }
}
