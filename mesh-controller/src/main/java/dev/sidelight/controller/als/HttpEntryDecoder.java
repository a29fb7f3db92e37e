/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.als;

import dev.sidelight.correlator.AccessLogEntry;
import dev.sidelight.correlator.AccessLogEntryBuilder;
import dev.sidelight.correlator.Proxy;
import dev.sidelight.correlator.TcpLogEntry;
import java.io.IOException;

/** Reads one envoy.data.accesslog.v3.HTTPAccessLogEntry. One thread, one entry at a time. */
final class HttpEntryDecoder {

  /** HTTPAccessLogEntry.HTTPVersion. */
  private static final int HTTP2 = 3;

  // deps
  private final AccessLogEntryBuilder entry = AccessLogEntry.builder();
  private final CommonProperties common;
  private final HttpProperties http = new HttpProperties(entry);

  HttpEntryDecoder(PodNames pods) {
    common = new CommonProperties(entry, pods);
  }

  /**
   * The entry; null where it is of a TCP connection, see {@link #tcpEntry}, or not one of a
   * stream's end, or of a request of Envoy's own, see {@link #intermediate}.
   *
   * @throws IOException where the bytes are no such message
   * @throws RefusedException where the message cannot be used
   */
  AccessLogEntry decode(WireReader in, Proxy proxy) throws IOException, RefusedException {
    entry.clear();
    common.clear();
    http.clear();
    for (int field = in.nextField(); field != 0; field = in.nextField()) {
      switch (field) {
        case 1 -> common.read(in);
        case 2 -> entry.downstreamHttp2(in.varint() == HTTP2);
        case 3 -> http.readRequest(in);
        case 4 -> http.readResponse(in);
        default -> in.skip();
      }
    }
    AccessLogEntry.Kind kind = common.kind();
    if (kind == null || common.isOwnRequest(kind)) {
      return null;
    }
    common.complete(proxy);
    return entry.kind(kind).build();
  }

  /**
   * The last entry, where it is of a TCP connection; else null. Istio's Telemetry names one logger
   * for both.
   *
   * @throws RefusedException where it cannot be used
   */
  TcpLogEntry tcpEntry(Proxy proxy) throws RefusedException {
    if (!common.isOfTcp()) {
      return null;
    }
    common.complete(proxy);
    return TcpEntryDecoder.value(
        entry, common.tcpKind(), http.requestBodyBytes(), http.responseBodyBytes());
  }

  /** What the last entry is of, where it is none for the correlator: a label value. */
  String intermediate() {
    return common.intermediate();
  }

  /** What of the last entry was left out; empty where nothing was. */
  String note() {
    return common.note();
  }

  /** The evidence about its peers that something more trusted contradicts; else empty. */
  String contradicted() {
    return common.contradicted();
  }
}
