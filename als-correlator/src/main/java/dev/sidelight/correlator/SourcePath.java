/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.correlator;

import static dev.sidelight.correlator.LatencyComponent.REQUEST_TRANSFER;
import static dev.sidelight.correlator.LatencyComponent.REQUEST_TRANSFER_BLOCKED;
import static dev.sidelight.correlator.LatencyComponent.SOURCE_APPLICATION_READ;
import static dev.sidelight.correlator.LatencyComponent.SOURCE_HOP;
import static dev.sidelight.correlator.LatencyComponent.SOURCE_SIDECAR;
import static dev.sidelight.correlator.LatencyComponent.SOURCE_SIDECAR_QUEUE;

/**
 * The points of a call in the source's clock domain, in the order of its path: the last of the
 * request on the way there, the last of the response on the way back. A point before its
 * predecessor is moved up to it, so that the distances are never negative and still sum. Used again
 * for each call.
 */
final class SourcePath {

  // state
  private final PointChain there = new PointChain();
  private final PointChain back = new PointChain();
  private boolean hop;
  private boolean upload;
  private boolean transferWaited;
  private boolean linkFull;
  // of the response, by the app that did not read: in the hop, in its sidecar, in that one's socket
  private long heldInHopNanos;
  private long heldInSidecarNanos;
  private long heldInQueueNanos;
  private long heldOnLinkNanos;

  /** Takes what was seen of a leg; false where that is not all of its points. */
  boolean take(Leg leg) {
    if (leg.downstream == null && leg.upstream == null) {
      return false;
    }
    SocketPoints downstream = SocketPoints.downstream(leg);
    SocketPoints upstream =
        leg.isDirect() ? answeredAt(downstream.lastReadNanos()) : SocketPoints.upstream(leg);
    if (leg.isGateway()) {
      takeGateway(downstream, upstream);
    } else if (leg.app == null) {
      takeWithoutHop(downstream, upstream);
    } else {
      takeSidecar(leg, downstream, upstream);
    }
    linkFull = leg.waitedUpstream();
    return there.isComplete() && back.isComplete();
  }

  /** From the app's first send to its last read. */
  private void takeSidecar(Leg leg, SocketPoints downstream, SocketPoints upstream) {
    ExchangeEnd app = leg.app;
    goThere(app.firstSendNanos(), app.lastSendNanos(), downstream, upstream);
    comeBack(downstream, upstream).then(app.lastArrivalNanos()).then(app.lastReadNanos());
    holdBack(app, leg.waitedDownstream());
    hop = true;
    upload = true;
    transferWaited = leg.waitedAtApp();
  }

  /**
   * What the app held back by not reading: loopback delivers at once what the reader's socket has
   * room for, and a sidecar that waits for room waits for the reader.
   */
  private void holdBack(ExchangeEnd app, boolean sidecarWaited) {
    heldInHopNanos = app.unreadNanos(back.at(2), back.at(3));
    heldInSidecarNanos = sidecarWaited ? app.unreadNanos(back.at(1), back.at(2)) : 0;
    heldInQueueNanos = sidecarWaited ? app.unreadNanos(back.at(0), back.at(1)) : 0;
    heldOnLinkNanos = sidecarWaited ? app.unreadNanos(there.at(4), back.at(0)) : 0;
  }

  private void holdNothingBack() {
    heldInHopNanos = 0;
    heldInSidecarNanos = 0;
    heldInQueueNanos = 0;
    heldOnLinkNanos = 0;
    transferWaited = false;
  }

  /**
   * From its downstream first arrival to its last send of the response. What an upload in several
   * packets takes is its caller's, so that a slow one outside is not charged to the gateway.
   */
  private void takeGateway(SocketPoints downstream, SocketPoints upstream) {
    goThere(downstream.firstArrivalNanos(), downstream.lastArrivalNanos(), downstream, upstream);
    comeBack(downstream, upstream);
    holdNothingBack();
    hop = false;
    upload = true;
  }

  /** A sidecar's whose app was not seen: from the request's arrival to the response's send. */
  private void takeWithoutHop(SocketPoints downstream, SocketPoints upstream) {
    goThere(downstream.lastArrivalNanos(), downstream.lastArrivalNanos(), downstream, upstream);
    comeBack(downstream, upstream);
    holdNothingBack();
    hop = false;
    upload = false;
  }

  /** In the place of an upstream that there was none of. */
  private static SocketPoints answeredAt(long nanos) {
    return new SocketPoints(nanos, nanos, nanos, nanos, false);
  }

  private void goThere(
      long firstNanos, long lastNanos, SocketPoints downstream, SocketPoints upstream) {
    there
        .from(firstNanos)
        .then(lastNanos)
        .then(downstream.lastArrivalNanos())
        .then(downstream.lastReadNanos())
        .then(upstream.lastSendNanos());
  }

  private PointChain comeBack(SocketPoints downstream, SocketPoints upstream) {
    return back.after(there, upstream.lastArrivalNanos())
        .then(upstream.lastReadNanos())
        .then(downstream.lastSendNanos());
  }

  boolean isClamped() {
    return there.isClamped() || back.isClamped();
  }

  /** Whether the response's last bytes came before the request's had been sent. */
  boolean isAnsweredEarly() {
    return back.isFirstClamped();
  }

  long startNanos() {
    return there.at(0);
  }

  /** From the upstream send of the request to the arrival of the response. */
  long upstreamNanos() {
    return back.at(0) - there.at(4);
  }

  /**
   * The request's time in the proxy, from its read to its send: what connecting and retries are
   * part of.
   */
  long requestNanos() {
    return there.distance(4);
  }

  long upstreamSendNanos() {
    return there.at(4);
  }

  /** Whether the request's send to the link waited for room. */
  boolean isLinkFull() {
    return linkFull;
  }

  /**
   * How long the app left data unread, while its sidecar waited for room, before the response's
   * last bytes had come from the link.
   */
  long heldOnLinkNanos() {
    return heldOnLinkNanos;
  }

  void addTo(ComponentSums sums) {
    if (hop || (upload && there.distance(1) > 0)) {
      sums.add(transferWaited ? REQUEST_TRANSFER_BLOCKED : REQUEST_TRANSFER, there.distance(1));
    }
    sums.add(SOURCE_SIDECAR_QUEUE, there.distance(3) + back.distance(1) - heldInQueueNanos);
    sums.add(SOURCE_SIDECAR, there.distance(4) + back.distance(2) - heldInSidecarNanos);
    if (hop) {
      sums.add(SOURCE_HOP, there.distance(2) + back.distance(3) - heldInHopNanos);
      sums.add(
          SOURCE_APPLICATION_READ,
          back.distance(4) + heldInHopNanos + heldInSidecarNanos + heldInQueueNanos);
    }
  }
}
