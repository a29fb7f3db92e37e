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
  private final boolean gateway;

  private SourcePath(PointChain there, PointChain back, boolean gateway) {
    this.there = there;
    this.back = back;
    this.gateway = gateway;
  }

  /** A sidecar's: from its app's first send to its app's last read. */
  static SourcePath ofSidecar(ExchangeEnd app, ExchangeEnd downstream, ExchangeEnd upstream) {
    PointChain there = there(app.firstSendNanos(), app.lastSendNanos(), downstream, upstream);
    PointChain back =
        back(there, downstream, upstream).then(app.lastArrivalNanos()).then(app.lastReadNanos());
    return new SourcePath(there, back, false);
  }

  /**
   * A gateway's: from its downstream first arrival to its last send of the response. What an upload
   * in several packets takes is its caller's, so that a slow one outside is not charged to the
   * gateway.
   */
  static SourcePath ofGateway(ExchangeEnd downstream, ExchangeEnd upstream) {
    PointChain there =
        there(downstream.firstArrivalNanos(), downstream.lastArrivalNanos(), downstream, upstream);
    return new SourcePath(there, back(there, downstream, upstream), true);
  }

  private static PointChain there(
      long firstNanos, long lastNanos, ExchangeEnd downstream, ExchangeEnd upstream) {
    return PointChain.from(firstNanos)
        .then(lastNanos)
        .then(downstream.lastArrivalNanos())
        .then(downstream.lastReadNanos())
        .then(upstream.lastSendNanos());
  }

  private static PointChain back(PointChain there, ExchangeEnd downstream, ExchangeEnd upstream) {
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
    if (!gateway || there.distance(1) > 0) {
      sums.add(REQUEST_TRANSFER, there.distance(1));
    }
    sums.add(SOURCE_SIDECAR_QUEUE, there.distance(3) + back.distance(1));
    sums.add(SOURCE_SIDECAR, there.distance(4) + back.distance(2));
    if (!gateway) {
      sums.add(SOURCE_HOP, there.distance(2) + back.distance(3));
      sums.add(SOURCE_APPLICATION_READ, back.distance(4));
    }
  }
}
