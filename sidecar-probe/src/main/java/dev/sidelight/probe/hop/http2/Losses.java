/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.hop.http2;

/**
 * Segments sent again and dropped at both ends of a connection since it was first seen; of an end
 * that was not seen 0. Streams that share a connection share its losses.
 */
record Losses(
    int initiatorRetransmits, int initiatorDrops, int acceptorRetransmits, int acceptorDrops) {

  static Losses of(ConnectionEnd initiator, ConnectionEnd acceptor) {
    return new Losses(
        initiator == null ? 0 : initiator.retransmits(),
        initiator == null ? 0 : initiator.drops(),
        acceptor == null ? 0 : acceptor.retransmits(),
        acceptor == null ? 0 : acceptor.drops());
  }

  Losses since(Losses earlier) {
    return new Losses(
        initiatorRetransmits - earlier.initiatorRetransmits,
        initiatorDrops - earlier.initiatorDrops,
        acceptorRetransmits - earlier.acceptorRetransmits,
        acceptorDrops - earlier.acceptorDrops);
  }
}
