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
  private String node;
  private String podAddress;
  private ExchangeEnd initiator;
  private ExchangeEnd acceptor;
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
    node = record.node();
    podAddress = record.podAddress();
    initiator = record.initiator();
    acceptor = record.acceptor();
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
    initiator = null;
    acceptor = null;
  }

  ExchangeEnd initiator() {
    return initiator;
  }

  ExchangeEnd acceptor() {
    return acceptor;
  }

  ExchangeEnd end(boolean ofInitiator) {
    return ofInitiator ? initiator : acceptor;
  }

  String podAddress() {
    return podAddress;
  }

  String node() {
    return node;
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

  /** Whether a call has taken it, rather than that its time has passed. */
  boolean isTakenByCall() {
    return outcome == RecordOutcome.CORRELATED || outcome == RecordOutcome.PARTIAL;
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
