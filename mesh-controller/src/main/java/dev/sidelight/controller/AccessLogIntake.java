/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller;

import dev.sidelight.controller.als.AccessLogEvents;
import dev.sidelight.controller.metrics.IngestMetrics;
import dev.sidelight.controller.metrics.LagMetrics;
import dev.sidelight.controller.status.Peers;
import dev.sidelight.correlator.AccessLogEntry;
import dev.sidelight.correlator.TcpConnections;
import dev.sidelight.correlator.TcpLogEntry;
import dev.sidelight.correlator.TcpRefusedException;
import java.util.Locale;

/**
 * Takes access log entries to the router, those of TCP connections to where calls go, and counts
 * and names what is neither.
 */
final class AccessLogIntake implements AccessLogEvents {

  private static final String SERVICE = "als";

  // deps
  private final RecordRouter router;
  private final IngestMetrics metrics;
  private final CallRecords calls;
  private final LagMetrics lags;
  private final Peers proxies;
  private final RefusalLog log;

  // state
  private final TcpConnections tcpConnections = new TcpConnections(TcpConnections.DEFAULT_CAPACITY);

  AccessLogIntake(
      RecordRouter router,
      IngestMetrics metrics,
      CallRecords calls,
      LagMetrics lags,
      Peers proxies,
      RefusalLog log) {
    this.router = router;
    this.metrics = metrics;
    this.calls = calls;
    this.lags = lags;
    this.proxies = proxies;
    this.log = log;
  }

  @Override
  public void streamOpened() {
    metrics.alsStreams(1);
  }

  @Override
  public void streamClosed() {
    metrics.alsStreams(-1);
  }

  @Override
  public void streamAged() {
    metrics.alsStreamAged();
  }

  @Override
  public void proxyConnected(String nodeId) {
    proxies.connected(nodeId);
  }

  @Override
  public void proxyGone(String nodeId) {
    proxies.gone(nodeId);
  }

  @Override
  public void messageAccepted() {
    metrics.alsMessage("accepted", "");
  }

  @Override
  public void messageRefused(String reason, String peer, String detail) {
    metrics.alsMessage("refused", reason);
    log.say(SERVICE, "message refused and its stream ended", reason, peer, detail);
  }

  @Override
  public void entryAccepted(AccessLogEntry entry, String note, String peer) {
    metrics.alsEntries("accepted", note, 1);
    if (!note.isEmpty()) {
      log.say(SERVICE, "entry taken without a part of it", note, peer, entry.requestId());
    }
    if (entry.durationNanos() != AccessLogEntry.ABSENT) {
      lags.accessLogEntry(entry.startEpochNanos() + entry.durationNanos());
    }
    router.route(new RoutedRecord.Entry(entry));
  }

  @Override
  public void tcpEntry(TcpLogEntry entry, String note, String peer) {
    try {
      calls.accept(tcpConnections.onEntry(entry, System.nanoTime()));
      metrics.alsEntries("counted", "tcp_" + entry.kind().name().toLowerCase(Locale.ROOT), 1);
    } catch (TcpRefusedException e) {
      metrics.alsEntries(e.isDuplicate() ? "ignored" : "refused", "tcp_" + e.reason(), 1);
      if (e.isDuplicate()) {
        return;
      }
      log.say(SERVICE, "TCP entry refused", e.reason(), peer, entry.streamId());
    }
    metrics.alsTcpConnections(tcpConnections.size());
    if (!note.isEmpty()) {
      log.say(SERVICE, "TCP entry taken without a part of it", note, peer, entry.streamId());
    }
  }

  @Override
  public void peerContradicted(String evidence) {
    metrics.alsPeerContradicted(evidence);
  }

  @Override
  public void entriesIgnored(String reason, int count) {
    metrics.alsEntries("ignored", reason, count);
  }

  @Override
  public void entriesRefused(String reason, int count, String peer, String detail) {
    metrics.alsEntries("refused", reason, count);
    log.say(SERVICE, "entry refused", reason, peer, detail);
  }
}
