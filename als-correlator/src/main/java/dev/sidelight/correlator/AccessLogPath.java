/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.correlator;

import static dev.sidelight.correlator.AccessLogEntry.ABSENT;
import static dev.sidelight.correlator.LatencyComponent.DESTINATION_SIDECAR;
import static dev.sidelight.correlator.LatencyComponent.DESTINATION_UNSPLIT;
import static dev.sidelight.correlator.LatencyComponent.LINK_UNSPLIT;
import static dev.sidelight.correlator.LatencyComponent.SOURCE_SIDECAR;

/**
 * What access logs alone tell of a call's latency: each proxy's own time, and the rest unsplit. The
 * proxy's time is what lies outside its upstream's, from the last byte sent upstream to the last
 * byte received from there.
 */
final class AccessLogPath {

  private AccessLogPath() {}

  /** From both proxies' entries. True where the parts had to be clamped. */
  static boolean addTo(ComponentSums sums, AccessLogEntry source, AccessLogEntry destination) {
    long upstreamNanos = upstreamNanos(source);
    sums.add(SOURCE_SIDECAR, totalNanos(source) - upstreamNanos);
    long destinationNanos = Math.min(totalNanos(destination), upstreamNanos);
    long unsplitNanos = Math.min(upstreamNanos(destination), destinationNanos);
    sums.add(DESTINATION_SIDECAR, destinationNanos - unsplitNanos);
    sums.add(DESTINATION_UNSPLIT, unsplitNanos);
    sums.add(LINK_UNSPLIT, upstreamNanos - destinationNanos);
    return destinationNanos < totalNanos(destination);
  }

  /** From the source's entry: what lies beyond its proxy is link and destination together. */
  static void addSourceTo(ComponentSums sums, AccessLogEntry source) {
    sums.add(SOURCE_SIDECAR, totalNanos(source) - upstreamNanos(source));
    sums.add(LINK_UNSPLIT, upstreamNanos(source));
  }

  /** From the destination's entry. */
  static void addDestinationTo(ComponentSums sums, AccessLogEntry destination) {
    sums.add(DESTINATION_SIDECAR, totalNanos(destination) - upstreamNanos(destination));
    sums.add(DESTINATION_UNSPLIT, upstreamNanos(destination));
  }

  /** The whole of what a proxy tells of; of an upgraded connection until it was upgraded. */
  static long totalNanos(AccessLogEntry entry) {
    if (entry.isUpgraded() && entry.firstDownstreamTxNanos() != ABSENT) {
      return entry.firstDownstreamTxNanos();
    }
    return entry.lastDownstreamTxNanos() == ABSENT
        ? Math.max(0, entry.durationNanos())
        : entry.lastDownstreamTxNanos();
  }

  /** The part of it that passed upstream. */
  static long upstreamNanos(AccessLogEntry entry) {
    long totalNanos = totalNanos(entry);
    long sentNanos =
        entry.lastUpstreamTxNanos() == ABSENT || entry.isUpgraded()
            ? entry.firstUpstreamTxNanos()
            : entry.lastUpstreamTxNanos();
    if (sentNanos == ABSENT) {
      return 0;
    }
    long seenNanos =
        entry.isUpgraded() ? entry.firstUpstreamRxNanos() : entry.lastUpstreamRxNanos();
    long receivedNanos = seenNanos == ABSENT ? totalNanos : seenNanos;
    return Math.max(0, Math.min(receivedNanos, totalNanos) - Math.min(sentNanos, totalNanos));
  }
}
