/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.als;

import dev.sidelight.correlator.AccessLogEntry;
import dev.sidelight.correlator.TcpLogEntry;

/**
 * What the access log service tells its owner. Called on event loops, several at a time: nothing
 * here may block or throw. Reasons are label values of a small fixed set.
 */
public interface AccessLogEvents {

  /** A stream has begun. */
  void streamOpened();

  /** A stream has ended, in whatever way. */
  void streamClosed();

  /** A stream has reached its age, and is told to end. */
  void streamAged();

  /** A stream's first message has said whose it is, by Envoy's node id. */
  void proxyConnected(String nodeId);

  /** A stream of which {@link #proxyConnected} was told has ended. */
  void proxyGone(String nodeId);

  /** A message was understood, though entries of it may have been refused. */
  void messageAccepted();

  /** A message was refused as a whole, and its stream ended. */
  void messageRefused(String reason, String peer, String detail);

  /**
   * An entry for the correlator.
   *
   * @param entry the entry
   * @param note empty, or what in it was not understood and left out
   * @param peer who sent it
   */
  void entryAccepted(AccessLogEntry entry, String note, String peer);

  /**
   * An entry of a TCP connection.
   *
   * @param entry the entry, its counters cumulative
   * @param note empty, or what in it was not understood and left out
   * @param peer who sent it
   */
  void tcpEntry(TcpLogEntry entry, String note, String peer);

  /**
   * Something was said of a proxy's peer that more trusted evidence contradicts; it was left out.
   *
   * @param evidence a label value: what was left out
   */
  void peerContradicted(String evidence);

  /** Entries of a kind that is not used. */
  void entriesIgnored(String reason, int count);

  /** Entries that were refused. */
  void entriesRefused(String reason, int count, String peer, String detail);
}
