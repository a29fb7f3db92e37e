/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.correlator;

/** How long a proxy's request waited for its upstream connection. */
final class ConnectWait {

  private ConnectWait() {}

  /** True where the upstream connection was opened on behalf of this very request. */
  static boolean isOpenedFor(Leg leg) {
    ExchangeEnd upstream = leg.upstreamEnd();
    long begunNanos =
        leg.downstream == null ? leg.startNanos : leg.downstreamEnd().firstReadNanos();
    return upstream != null
        && upstream.connectNanos() != 0
        && upstream.connectNanos() >= begunNanos
        && upstream.connectNanos() <= upstream.lastSendNanos();
  }

  /**
   * For a connection opened for this request: SYN_SENT to ESTABLISHED by the kernel, and Envoy's
   * TLS handshake. Otherwise what the pool made it wait, which Envoy logs in whole milliseconds.
   * Absent where Envoy was not asked for the pool's wait: the kernel knows no handshake, and a part
   * would pass for all of it.
   */
  static long nanos(Leg leg) {
    long poolNanos = leg.entry.poolReadyNanos();
    if (poolNanos == AccessLogEntry.ABSENT) {
      return LatencyBreakdown.ABSENT;
    }
    ExchangeEnd upstream = leg.upstreamEnd();
    if (!isOpenedFor(leg) || upstream.establishedNanos() < upstream.connectNanos()) {
      return poolNanos;
    }
    long tcpNanos = upstream.establishedNanos() - upstream.connectNanos();
    return Math.max(poolNanos, tcpNanos + Math.max(0, leg.entry.handshakeNanos()));
  }
}
