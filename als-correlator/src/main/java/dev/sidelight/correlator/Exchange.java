/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.correlator;

import dev.sidelight.correlator.CorrelatorMetrics.RecordOutcome;

/**
 * A probe's record in the window, and whether a call has taken it. One thread.
 *
 * <p>The window uses these objects again and again. A leg that keeps one says so by {@link #claim};
 * what is claimed when it leaves the window is not used again.
 */
final class Exchange {

  // state
  private HopRecord hop;
  private long receivedNanos;
  private RecordOutcome outcome;
  private int claims;
  private boolean superseded;

  // state of the window: the neighbours by age, and of each index the hash and the link; an end
  // that
  // was not seen has no connection
  Exchange older;
  Exchange newer;
  ConnectionExchanges initiatorConnection;
  ConnectionExchanges acceptorConnection;
  int initiatorEndHash;
  int acceptorEndHash;
  int initiatorSocketHash;
  int acceptorSocketHash;
  int outboundHash;
  boolean isOutbound;
  Exchange initiatorEndLink;
  Exchange acceptorEndLink;
  Exchange initiatorSocketLink;
  Exchange acceptorSocketLink;
  Exchange outboundLink;

  // state of the join: the legs that have found it as their link
  Leg sourceLeg;
  Leg destinationLeg;

  Exchange(HopRecord record, long nowNanos) {
    reset(record, nowNanos);
  }

  /** Begins anew. */
  final void reset(HopRecord record, long nowNanos) {
    hop = record;
    receivedNanos = nowNanos;
    outcome = null;
    superseded = false;
    initiatorConnection = null;
    acceptorConnection = null;
    sourceLeg = null;
    destinationLeg = null;
  }

  /** Lets go of the record, until there is another. */
  void clear() {
    hop = null;
  }

  ExchangeEnd initiator() {
    return hop.initiator();
  }

  ExchangeEnd acceptor() {
    return hop.acceptor();
  }

  ExchangeEnd end(boolean initiator) {
    return initiator ? hop.initiator() : hop.acceptor();
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
    return (initiatorConnection == null ? 0 : 1) + (acceptorConnection == null ? 0 : 1);
  }

  static int endCount(HopRecord record) {
    return (record.initiator() == null ? 0 : 1) + (record.acceptor() == null ? 0 : 1);
  }

  boolean isTaken() {
    return outcome != null;
  }

  void take(RecordOutcome how) {
    outcome = how;
  }

  /** A fuller record of the same exchange has come: whoever keeps this one should look again. */
  void supersede() {
    superseded = true;
  }

  boolean isSuperseded() {
    return superseded;
  }

  void claim() {
    claims++;
  }

  void release() {
    claims--;
  }

  boolean isClaimed() {
    return claims > 0;
  }

  /** A hop whose connection was redirected to the sidecar: the app's own outbound call. */
  boolean isOutboundHop() {
    return initiator() != null
        && acceptor() != null
        && !initiator().remote().equals(acceptor().local());
  }
}
