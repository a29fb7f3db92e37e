/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.correlator;

import static dev.sidelight.correlator.AccessLogEntry.ABSENT;

/**
 * What a path needs of one of a proxy's two sockets: the last points of the request and of the
 * response, CLOCK_MONOTONIC, 0 where not known. They are the kernel's; where a connection cannot be
 * cut into requests, or its record is missing, Envoy's stamps stand in.
 *
 * @param firstArrivalNanos of what the socket receives
 * @param lastArrivalNanos of what the socket receives
 * @param lastReadNanos of what the socket receives
 * @param lastSendNanos of what the socket sends
 * @param queueKnown whether arrival and read are the kernel's, so that what lies between is known
 */
record SocketPoints(
    long firstArrivalNanos,
    long lastArrivalNanos,
    long lastReadNanos,
    long lastSendNanos,
    boolean queueKnown) {

  static SocketPoints of(ExchangeEnd end) {
    return new SocketPoints(
        end.firstArrivalNanos(),
        end.lastArrivalNanos(),
        end.lastReadNanos(),
        end.lastSendNanos(),
        true);
  }

  /** Of the leg's downstream socket: the kernel's, else Envoy's stamps. */
  static SocketPoints downstream(Leg leg) {
    if (leg.downstream != null) {
      return of(leg.downstreamEnd());
    }
    AccessLogEntry entry = leg.entry;
    long readNanos = leg.startNanos + Math.max(0, entry.lastDownstreamRxNanos());
    long sendNanos = leg.startNanos + AccessLogPath.totalNanos(entry);
    return leg.isSource() || leg.linkReadNanos == 0
        ? new SocketPoints(leg.startNanos, readNanos, readNanos, sendNanos, false)
        : new SocketPoints(
            leg.linkArrivalNanos, leg.linkArrivalNanos, leg.linkReadNanos, sendNanos, true);
  }

  /** Of the leg's upstream socket: the kernel's, else Envoy's stamps. */
  static SocketPoints upstream(Leg leg) {
    if (leg.upstream != null) {
      return of(leg.upstreamEnd());
    }
    AccessLogEntry entry = leg.entry;
    long sendNanos =
        entry.isUpgraded()
            ? stamp(leg, entry.firstUpstreamTxNanos(), ABSENT)
            : stamp(leg, entry.lastUpstreamTxNanos(), entry.firstUpstreamTxNanos());
    // Without a response from there Envoy answers itself when it gives up.
    long readNanos =
        stamp(
            leg,
            entry.isUpgraded() ? entry.firstUpstreamRxNanos() : entry.lastUpstreamRxNanos(),
            entry.firstDownstreamTxNanos());
    return !leg.isSource() || leg.linkReadNanos == 0
        ? new SocketPoints(readNanos, readNanos, readNanos, sendNanos, false)
        : new SocketPoints(
            leg.linkArrivalNanos, leg.linkArrivalNanos, leg.linkReadNanos, sendNanos, true);
  }

  private static long stamp(Leg leg, long nanos, long otherwiseNanos) {
    long known = nanos == ABSENT ? otherwiseNanos : nanos;
    return known == ABSENT ? 0 : leg.startNanos + known;
  }
}
