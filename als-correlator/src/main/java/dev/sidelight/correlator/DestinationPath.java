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

/** The points of a call in the destination's clock domain; see {@link SourcePath} for the rule. */
final class DestinationPath {

  // deps
  private final PointChain points;
  private final boolean hop;
  private final boolean direct;

  private DestinationPath(PointChain points, boolean hop, boolean direct) {
    this.points = points;
    this.hop = hop;
    this.direct = direct;
  }

  /** Of what was seen of a leg; null where the kernel saw nothing of it. */
  static DestinationPath of(Leg leg) {
    if (leg.downstream == null && leg.upstream == null) {
      return null;
    }
    SocketPoints downstream = SocketPoints.downstream(leg);
    if (leg.isDirect()) {
      long readNanos = downstream.lastReadNanos();
      return withoutHop(
          downstream, new SocketPoints(readNanos, readNanos, readNanos, readNanos, false), true);
    }
    SocketPoints upstream = SocketPoints.upstream(leg);
    return leg.app == null
        ? withoutHop(downstream, upstream, false)
        : of(downstream, upstream, leg.app);
  }

  static DestinationPath of(ExchangeEnd downstream, ExchangeEnd upstream, ExchangeEnd app) {
    return of(SocketPoints.of(downstream), SocketPoints.of(upstream), app);
  }

  private static DestinationPath of(
      SocketPoints downstream, SocketPoints upstream, ExchangeEnd app) {
    PointChain points =
        request(downstream, upstream)
            .then(app.lastArrivalNanos())
            .then(app.lastReadNanos())
            .then(app.firstSendNanos())
            .then(app.lastSendNanos());
    return new DestinationPath(response(points, downstream, upstream), true, false);
  }

  /** Whose app was not seen, or not asked. */
  private static DestinationPath withoutHop(
      SocketPoints downstream, SocketPoints upstream, boolean direct) {
    PointChain points = request(downstream, upstream);
    for (int i = 0; i < 4; i++) {
      points = points.then(points.at(2));
    }
    return new DestinationPath(response(points, downstream, upstream), false, direct);
  }

  private static PointChain request(SocketPoints downstream, SocketPoints upstream) {
    return PointChain.from(downstream.lastArrivalNanos())
        .then(downstream.lastReadNanos())
        .then(upstream.lastSendNanos());
  }

  private static PointChain response(
      PointChain points, SocketPoints downstream, SocketPoints upstream) {
    return points
        .then(upstream.lastArrivalNanos())
        .then(upstream.lastReadNanos())
        .then(downstream.lastSendNanos());
  }

  boolean hasApplication() {
    return hop;
  }

  boolean isComplete() {
    return points.isComplete();
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
    return points.distance(2);
  }

  long applicationStartNanos() {
    return points.at(4);
  }

  long applicationEndNanos() {
    return points.at(5);
  }

  void addTo(ComponentSums sums) {
    sums.add(DESTINATION_SIDECAR_QUEUE, points.distance(1) + points.distance(8));
    sums.add(DESTINATION_SIDECAR, points.distance(2) + points.distance(9));
    if (hop) {
      sums.add(DESTINATION_HOP, points.distance(3) + points.distance(7));
      sums.add(APPLICATION_QUEUE, points.distance(4));
      sums.add(APPLICATION, points.distance(5));
      sums.add(RESPONSE_TRANSFER, points.distance(6));
    } else if (!direct) {
      sums.add(DESTINATION_UNSPLIT, points.distance(7));
    }
  }
}
