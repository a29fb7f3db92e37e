/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.hop.http2;

/**
 * A stream as it leaves.
 *
 * @param initiator null where not seen
 * @param acceptor null where not seen
 */
record StreamOutcome(Http2Stream stream, ConnectionEnd initiator, ConnectionEnd acceptor) {

  /** Of the connection, while the stream was open. */
  Losses losses() {
    return Losses.of(initiator, acceptor).since(stream.lossesBefore());
  }
}
