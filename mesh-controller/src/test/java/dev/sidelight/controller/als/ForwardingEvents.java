/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.als;

import dev.sidelight.correlator.AccessLogEntry;
import dev.sidelight.correlator.TcpLogEntry;
import java.util.function.Supplier;

/** Tells all to whoever is the one to tell by then. */
record ForwardingEvents(Supplier<RecordingEvents> target) implements AccessLogEvents {

  @Override
  public void streamOpened() {
    target.get().streamOpened();
  }

  @Override
  public void streamClosed() {
    target.get().streamClosed();
  }

  @Override
  public void streamAged() {
    target.get().streamAged();
  }

  @Override
  public void proxyConnected(String nodeId) {
    target.get().proxyConnected(nodeId);
  }

  @Override
  public void proxyGone(String nodeId) {
    target.get().proxyGone(nodeId);
  }

  @Override
  public void messageAccepted() {
    target.get().messageAccepted();
  }

  @Override
  public void messageRefused(String reason, String peer, String detail) {
    target.get().messageRefused(reason, peer, detail);
  }

  @Override
  public void entryAccepted(AccessLogEntry entry, String note, String peer) {
    target.get().entryAccepted(entry, note, peer);
  }

  @Override
  public void tcpEntry(TcpLogEntry entry, String note, String peer) {
    target.get().tcpEntry(entry, note, peer);
  }

  @Override
  public void peerContradicted(String evidence) {
    target.get().peerContradicted(evidence);
  }

  @Override
  public void entriesIgnored(String reason, int count) {
    target.get().entriesIgnored(reason, count);
  }

  @Override
  public void entriesRefused(String reason, int count, String peer, String detail) {
    target.get().entriesRefused(reason, count, peer, detail);
  }
}
