/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller;

import dev.sidelight.controller.als.AccessLogEvents;
import dev.sidelight.controller.metrics.IngestMetrics;
import dev.sidelight.correlator.AccessLogEntry;

/** Takes access log entries to the router, and counts and names what is none. */
final class AccessLogIntake implements AccessLogEvents {

  private static final String SERVICE = "als";

  // deps
  private final RecordRouter router;
  private final IngestMetrics metrics;
  private final RefusalLog log;

  AccessLogIntake(RecordRouter router, IngestMetrics metrics, RefusalLog log) {
    this.router = router;
    this.metrics = metrics;
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
    router.route(new RoutedRecord.Entry(entry));
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
