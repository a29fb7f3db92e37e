/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.correlator;

import java.util.ArrayList;
import java.util.List;

/** One proxy's part of a call: its access log entry with the exchanges found for it. One thread. */
final class Leg {

  // deps
  final AccessLogEntry entry;
  final long receivedNanos;

  // state
  /** The exchange on the downstream connection; null until found. */
  Exchange downstream;

  /** The exchange on the upstream connection; null until found. */
  Exchange upstream;

  /** The other end of the hop: the app's; null until found, and always at a gateway. */
  ExchangeEnd app;

  /** Where {@link #app} was seen apart from the Envoy's end. */
  Exchange appExchange;

  /** Why the exchanges are not all found; {@link PartialReason#NONE} when they are. */
  PartialReason reason = PartialReason.NO_CLOCK;

  /** The kernel's and Envoy's order of events contradict one another. */
  boolean orderViolated;

  /**
   * Earlier attempts of the router, in the order of their start; the last is the one that the entry
   * tells of.
   */
  final List<AccessLogEntry> attempts = new ArrayList<>(0);

  Leg(AccessLogEntry entry, long receivedNanos) {
    this.entry = entry;
    this.receivedNanos = receivedNanos;
  }

  boolean isSource() {
    return entry.direction() == TrafficDirection.OUTBOUND;
  }

  boolean isGateway() {
    return entry.proxy().type() == ProxyType.GATEWAY;
  }

  boolean isResolved() {
    return reason == PartialReason.NONE;
  }

  /** Envoy's own socket downstream, as acceptor. */
  ExchangeEnd downstreamEnd() {
    return downstream == null ? null : downstream.acceptor();
  }

  /** Envoy's own socket upstream, as initiator. */
  ExchangeEnd upstreamEnd() {
    return upstream == null ? null : upstream.initiator();
  }
}
