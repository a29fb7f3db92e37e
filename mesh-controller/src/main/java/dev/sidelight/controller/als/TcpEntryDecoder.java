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

/** Reads one envoy.data.accesslog.v3.TCPAccessLogEntry. One thread, one entry at a time. */
final class TcpEntryDecoder {

  // deps
  private final AccessLogEntryBuilder entry = AccessLogEntry.builder();
  private final CommonProperties common;

  // state
  private long bytesReceived;
  private long bytesSent;

  TcpEntryDecoder(PodNames pods) {
    common = new CommonProperties(entry, pods);
  }

  /**
   * The entry; null where it is of an HTTP stream, whose HTTP logger tells more of it.
   *
   * @throws IOException where the bytes are no such message
   * @throws RefusedException where the message cannot be used
   */
  TcpLogEntry decode(WireReader in, Proxy proxy) throws IOException, RefusedException {
    entry.clear();
    common.clear();
    bytesReceived = 0;
    bytesSent = 0;
    for (int field = in.nextField(); field != 0; field = in.nextField()) {
      switch (field) {
        case 1 -> common.read(in);
        case 2 -> readConnection(in);
        default -> in.skip();
      }
    }
    TcpLogEntry.Kind kind = common.tcpKind();
    if (kind == null) {
      return null;
    }
    common.complete(proxy);
    return value(entry, kind, bytesReceived, bytesSent);
  }

  /** Of a builder in which all is set that entries of HTTP and of TCP have in common. */
  static TcpLogEntry value(
      AccessLogEntryBuilder entry, TcpLogEntry.Kind kind, long bytesReceived, long bytesSent)
      throws RefusedException {
    if (entry.streamId().isEmpty()) {
      throw new RefusedException("no_stream_id", "a TCP entry that names no connection");
    }
    if (bytesReceived < 0 || bytesSent < 0) {
      throw new RefusedException(
          "impossible_bytes", bytesReceived + " and " + bytesSent + " bytes");
    }
    AccessLogEntry read = entry.build();
    return new TcpLogEntry(
        read.proxy(),
        read.direction(),
        kind,
        entry.streamId(),
        read.startEpochNanos(),
        read.durationNanos(),
        read.downstreamRemote(),
        read.upstreamRemote(),
        read.downstreamPeer(),
        read.upstreamPeer(),
        read.upstreamCluster(),
        read.peerPrincipal(),
        read.localPrincipal(),
        read.responseFlags(),
        bytesReceived,
        bytesSent);
  }

  private void readConnection(WireReader in) throws IOException {
    int outer = in.enter();
    for (int field = in.nextField(); field != 0; field = in.nextField()) {
      switch (field) {
        case 1 -> bytesReceived = in.varint();
        case 2 -> bytesSent = in.varint();
        default -> in.skip();
      }
    }
    in.leave(outer);
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
