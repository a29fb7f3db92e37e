/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.correlator;

import static dev.sidelight.correlator.LatencyComponent.REQUEST_TRANSFER;
import static dev.sidelight.correlator.LatencyComponent.SOURCE_APPLICATION_READ;
import static dev.sidelight.correlator.LatencyComponent.SOURCE_HOP;
import static dev.sidelight.correlator.LatencyComponent.SOURCE_SIDECAR;
import static dev.sidelight.correlator.LatencyComponent.SOURCE_SIDECAR_QUEUE;

/**
 * The points of a call in the source's clock domain, in the order of its path: the last of the
 * request on the way there, the last of the response on the way back. A point before its
 * predecessor is moved up to it, so that the distances are never negative and still sum.
 */
final class SourcePath {

  // deps
  private final PointChain there;
  private final PointChain back;
  private final boolean hop;
  private final boolean upload;

  private SourcePath(PointChain there, PointChain back, boolean hop, boolean upload) {
    this.there = there;
    this.back = back;
    this.hop = hop;
    this.upload = upload;
  }

  /** Of what was seen of a leg; null where the kernel saw nothing of it. */
  static SourcePath of(Leg leg) {
    if (leg.downstream == null && leg.upstream == null) {
      return null;
    }
    SocketPoints downstream = SocketPoints.downstream(leg);
    SocketPoints upstream =
        leg.isDirect() ? answeredAt(downstream.lastReadNanos()) : SocketPoints.upstream(leg);
    if (leg.isGateway()) {
      return ofGateway(downstream, upstream);
    }
    return leg.app == null ? withoutHop(downstream, upstream) : of(leg.app, downstream, upstream);
  }

  /** A sidecar's: from its app's first send to its app's last read. */
  static SourcePath ofSidecar(ExchangeEnd app, ExchangeEnd downstream, ExchangeEnd upstream) {
    return of(app, SocketPoints.of(downstream), SocketPoints.of(upstream));
  }

  /**
   * A gateway's: from its downstream first arrival to its last send of the response. What an upload
   * in several packets takes is its caller's, so that a slow one outside is not charged to the
   * gateway.
   */
  static SourcePath ofGateway(ExchangeEnd downstream, ExchangeEnd upstream) {
    return ofGateway(SocketPoints.of(downstream), SocketPoints.of(upstream));
  }

  private static SourcePath of(ExchangeEnd app, SocketPoints downstream, SocketPoints upstream) {
    PointChain there = there(app.firstSendNanos(), app.lastSendNanos(), downstream, upstream);
    PointChain back =
        back(there, downstream, upstream).then(app.lastArrivalNanos()).then(app.lastReadNanos());
    return new SourcePath(there, back, true, true);
  }

  private static SourcePath ofGateway(SocketPoints downstream, SocketPoints upstream) {
    PointChain there =
        there(downstream.firstArrivalNanos(), downstream.lastArrivalNanos(), downstream, upstream);
    return new SourcePath(there, back(there, downstream, upstream), false, true);
  }

  /** A sidecar's whose app was not seen: from the request's arrival to the response's send. */
  private static SourcePath withoutHop(SocketPoints downstream, SocketPoints upstream) {
    PointChain there =
        there(downstream.lastArrivalNanos(), downstream.lastArrivalNanos(), downstream, upstream);
    return new SourcePath(there, back(there, downstream, upstream), false, false);
  }

  /** In the place of an upstream that there was none of. */
  private static SocketPoints answeredAt(long nanos) {
    return new SocketPoints(nanos, nanos, nanos, nanos, false);
  }

  private static PointChain there(
      long firstNanos, long lastNanos, SocketPoints downstream, SocketPoints upstream) {
    return PointChain.from(firstNanos)
        .then(lastNanos)
        .then(downstream.lastArrivalNanos())
        .then(downstream.lastReadNanos())
        .then(upstream.lastSendNanos());
  }

  private static PointChain back(PointChain there, SocketPoints downstream, SocketPoints upstream) {
    return there
        .continueWith(upstream.lastArrivalNanos())
        .then(upstream.lastReadNanos())
        .then(downstream.lastSendNanos());
  }

  boolean isComplete() {
    return there.isComplete() && back.isComplete();
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

  void addTo(ComponentSums sums) {
    if (hop || (upload && there.distance(1) > 0)) {
      sums.add(REQUEST_TRANSFER, there.distance(1));
    }
    sums.add(SOURCE_SIDECAR_QUEUE, there.distance(3) + back.distance(1));
    sums.add(SOURCE_SIDECAR, there.distance(4) + back.distance(2));
    if (hop) {
      sums.add(SOURCE_HOP, there.distance(2) + back.distance(3));
      sums.add(SOURCE_APPLICATION_READ, back.distance(4));
    }
  }
}
