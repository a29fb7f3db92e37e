/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.als;

import dev.sidelight.controller.limit.RecordRate;
import dev.sidelight.correlator.AccessLogEntry;
import dev.sidelight.correlator.Proxy;
import dev.sidelight.correlator.TcpLogEntry;
import java.io.IOException;

/** One stream of one Envoy's worker. One thread. */
final class AccessLogStream {

  private static final String MALFORMED_MESSAGE = "malformed_message";
  private static final String MALFORMED_ENTRY = "malformed_entry";

  /** Why an entry is ignored whose proxy is in a namespace that nobody asked for. */
  private static final String NOT_OBSERVED = "namespace_not_observed";

  /** Both loggers are named: the HTTP logger tells of the same stream. */
  private static final String HTTP_IN_TCP_LOG = "http_in_tcp_log";

  // deps
  private final AccessLogEvents events;
  private final EntryDecoders decoders;
  private final Caller caller;
  private final RecordRate rate;

  // state
  private String peer;
  private Proxy proxy;

  AccessLogStream(
      AccessLogEvents events,
      EntryDecoders decoders,
      Caller caller,
      RecordRate rate,
      String remoteAddress) {
    this.events = events;
    this.decoders = decoders;
    this.caller = caller;
    this.rate = rate;
    this.peer = remoteAddress;
  }

  /**
   * Takes a message.
   *
   * @throws RefusedException where the stream must end; it has been counted
   */
  void onMessage(byte[] bytes) throws RefusedException {
    AccessLogMessage message = cut(bytes);
    if (proxy == null) {
      identify(message);
    }
    events.messageAccepted();
    if (!decoders.pods().observes(proxy.workload().namespace())) {
      events.entriesIgnored(NOT_OBSERVED, message.entries());
      return;
    }
    if (!rate.take(message.entries())) {
      events.entriesRefused(
          "too_many", message.entries(), peer, "more than " + rate.perSecond() + " entries/s");
      return;
    }
    for (WireReader entry : message.httpEntries()) {
      onHttpEntry(entry);
    }
    for (WireReader entry : message.tcpEntries()) {
      onTcpEntry(entry);
    }
  }

  /** No message comes any more. Once. */
  void close() {
    if (proxy != null) {
      events.proxyGone(proxy.nodeId());
    }
  }

  private AccessLogMessage cut(byte[] bytes) throws RefusedException {
    try {
      return AccessLogMessage.cut(bytes, decoders.pool());
    } catch (IOException e) {
      throw refused(
          new RefusedException(
              MALFORMED_MESSAGE,
              "no StreamAccessLogsMessage in " + bytes.length + " bytes: " + e.getMessage()),
          0);
    }
  }

  private void identify(AccessLogMessage message) throws RefusedException {
    try {
      if (message.identifier() == null) {
        throw new RefusedException(
            "no_identifier", "the stream's first message carries no identifier");
      }
      Proxy named = IdentifierDecoder.decode(message.identifier());
      caller.requireToBe(named);
      proxy = decoders.pods().confirmed(named);
      decoders.pods().learn(proxy);
      peer = proxy.nodeId() + " at " + peer;
      events.proxyConnected(proxy.nodeId());
    } catch (RefusedException e) {
      throw refused(e, message.entries());
    } catch (IOException e) {
      throw refused(
          new RefusedException(MALFORMED_MESSAGE, "unreadable identifier: " + e.getMessage()),
          message.entries());
    }
  }

  private RefusedException refused(RefusedException cause, int entries) {
    events.messageRefused(cause.reason(), peer, cause.getMessage());
    if (entries > 0) {
      events.entriesRefused(cause.reason(), entries, peer, cause.getMessage());
    }
    return cause;
  }

  private void onHttpEntry(WireReader bytes) {
    try {
      HttpEntryDecoder decoder = decoders.http();
      AccessLogEntry entry = decoder.decode(bytes, proxy);
      TcpLogEntry tcpEntry = entry == null ? decoder.tcpEntry(proxy) : null;
      if (entry != null) {
        sayContradicted(decoder.contradicted());
        events.entryAccepted(entry, decoder.note(), peer);
      } else if (tcpEntry != null) {
        sayContradicted(decoder.contradicted());
        events.tcpEntry(tcpEntry, decoder.note(), peer);
      } else {
        events.entriesIgnored(decoder.intermediate(), 1);
      }
    } catch (RefusedException e) {
      events.entriesRefused(e.reason(), 1, peer, e.getMessage());
    } catch (IOException e) {
      events.entriesRefused(MALFORMED_ENTRY, 1, peer, String.valueOf(e.getMessage()));
    }
  }

  private void onTcpEntry(WireReader bytes) {
    try {
      TcpEntryDecoder decoder = decoders.tcp();
      TcpLogEntry entry = decoder.decode(bytes, proxy);
      if (entry == null) {
        events.entriesIgnored(HTTP_IN_TCP_LOG, 1);
        return;
      }
      sayContradicted(decoder.contradicted());
      events.tcpEntry(entry, decoder.note(), peer);
    } catch (RefusedException e) {
      events.entriesRefused(e.reason(), 1, peer, e.getMessage());
    } catch (IOException e) {
      events.entriesRefused(MALFORMED_ENTRY, 1, peer, String.valueOf(e.getMessage()));
    }
  }

  private void sayContradicted(String evidence) {
    if (!evidence.isEmpty()) {
      events.peerContradicted(evidence);
    }
  }
}
