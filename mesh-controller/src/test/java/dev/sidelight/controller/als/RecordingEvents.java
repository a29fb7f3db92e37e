/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.als;

import dev.sidelight.correlator.AccessLogEntry;
import dev.sidelight.correlator.TcpLogEntry;
import java.util.ArrayList;
import java.util.List;

/** Keeps what it is told. */
final class RecordingEvents implements AccessLogEvents {
  final List<AccessLogEntry> entries = new ArrayList<>();
  final List<TcpLogEntry> tcpEntries = new ArrayList<>();
  final List<String> said = new ArrayList<>();
  final List<String> proxies = new ArrayList<>();

  @Override
  public void streamOpened() {
    said.add("opened");
  }

  @Override
  public void streamClosed() {
    said.add("closed");
  }

  @Override
  public void streamAged() {
    said.add("aged");
  }

  @Override
  public void proxyConnected(String nodeId) {
    proxies.add(nodeId);
  }

  @Override
  public void proxyGone(String nodeId) {
    proxies.remove(nodeId);
  }

  @Override
  public void messageAccepted() {}

  @Override
  public void messageRefused(String reason, String peer, String detail) {
    said.add("message " + reason);
  }

  @Override
  public void entryAccepted(AccessLogEntry entry, String note, String peer) {
    entries.add(entry);
    if (!note.isEmpty()) {
      said.add("note " + note);
    }
  }

  @Override
  public void tcpEntry(TcpLogEntry entry, String note, String peer) {
    tcpEntries.add(entry);
    if (!note.isEmpty()) {
      said.add("note " + note);
    }
  }

  @Override
  public void peerContradicted(String evidence) {
    said.add("contradicted " + evidence);
  }

  @Override
  public void entriesIgnored(String reason, int count) {
    said.add("ignored " + reason + " " + count);
  }

  @Override
  public void entriesRefused(String reason, int count, String peer, String detail) {
    said.add("refused " + reason + " " + count);
  }
}
