/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.correlator;

import dev.sidelight.correlator.CorrelatorMetrics.RecordOutcome;

/** A probe's record in the window, and whether a call has taken it. One thread. */
final class Exchange {

  // deps
  private final HopRecord hop;
  private final long receivedNanos;

  // state
  private RecordOutcome outcome;

  Exchange(HopRecord hop, long receivedNanos) {
    this.hop = hop;
    this.receivedNanos = receivedNanos;
  }

  ExchangeEnd initiator() {
    return hop.initiator();
  }

  ExchangeEnd acceptor() {
    return hop.acceptor();
  }

  String podAddress() {
    return hop.podAddress();
  }

  String node() {
    return hop.node();
  }

  long receivedNanos() {
    return receivedNanos;
  }

  int endCount() {
    return (hop.initiator() == null ? 0 : 1) + (hop.acceptor() == null ? 0 : 1);
  }

  boolean isTaken() {
    return outcome != null;
  }

  void take(RecordOutcome how) {
    outcome = how;
  }

  /** A hop whose connection was redirected to the sidecar: the app's own outbound call. */
  boolean isOutboundHop() {
    return initiator() != null
        && acceptor() != null
        && !initiator().remote().equals(acceptor().local());
  }
}
