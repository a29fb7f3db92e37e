/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.correlator;

/**
 * Layer 4 of one call on one segment (source hop, link or destination hop).
 *
 * @param smoothedRttNanos srtt of the initiator's socket
 * @param retransmits segments sent again, both ends added
 * @param drops segments dropped by the sockets, both ends added
 * @param bytesSent bytes of the request, on the wire of this segment
 * @param bytesReceived bytes of the response
 */
public record TransportFigures(
    long smoothedRttNanos, int retransmits, int drops, long bytesSent, long bytesReceived) {

  /** Of a segment's two ends, either of which may be null; null where both are. */
  static TransportFigures of(ExchangeEnd initiator, ExchangeEnd acceptor) {
    ExchangeEnd known = initiator == null ? acceptor : initiator;
    if (known == null) {
      return null;
    }
    ExchangeEnd other = initiator == null ? null : acceptor;
    return new TransportFigures(
        known.smoothedRttNanos(),
        known.retransmits() + (other == null ? 0 : other.retransmits()),
        known.drops() + (other == null ? 0 : other.drops()),
        known.initiator() ? known.bytesSent() : known.bytesReceived(),
        known.initiator() ? known.bytesReceived() : known.bytesSent());
  }
}
