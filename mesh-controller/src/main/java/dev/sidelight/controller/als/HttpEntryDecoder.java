/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.als;

import dev.sidelight.correlator.AccessLogEntry;
import dev.sidelight.correlator.AccessLogEntryBuilder;
import dev.sidelight.correlator.Proxy;
import dev.sidelight.correlator.ProxyType;
import dev.sidelight.correlator.SocketAddress;
import dev.sidelight.correlator.TrafficDirection;
import java.io.IOException;

/** Reads one envoy.data.accesslog.v3.HTTPAccessLogEntry. One thread, one entry at a time. */
final class HttpEntryDecoder {

  /** Note of an entry whose filter state has an object of a type that we do not know. */
  static final String UNKNOWN_ANY = "unknown_any";

  /** Note of an entry of which a tag of ours could not be read. */
  static final String UNREADABLE_TAG = "unreadable_tag";

  // deps
  private final AccessLogEntryBuilder entry = AccessLogEntry.builder();
  private final CommonProperties common = new CommonProperties(entry);
  private final HttpProperties http = new HttpProperties(entry);

  /**
   * The entry; null where it is not one of a stream's end.
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
        case 3 -> http.readRequest(in);
        case 4 -> http.readResponse(in);
        default -> in.skip();
      }
    }
    AccessLogEntry.Kind kind = common.kind();
    if (kind == null) {
      return null;
    }
    common.complete();
    return entry.proxy(proxy).kind(kind).direction(direction(proxy)).build();
  }

  /** What of the last entry was left out; empty where nothing was. */
  String note() {
    if (common.unknownAny()) {
      return UNKNOWN_ANY;
    }
    return common.tags().unreadable() ? UNREADABLE_TAG : "";
  }

  /** The tag says it; without it, Istio's names of clusters; without one, who connected. */
  private TrafficDirection direction(Proxy proxy) {
    if (common.tags().direction() != null) {
      return common.tags().direction();
    }
    if (proxy.type() == ProxyType.GATEWAY) {
      return TrafficDirection.OUTBOUND;
    }
    String cluster = common.upstreamCluster();
    if (cluster.startsWith("inbound|")) {
      return TrafficDirection.INBOUND;
    }
    SocketAddress downstreamRemote = common.downstreamRemote();
    boolean ofThePod = downstreamRemote.address().equals(proxy.podAddress());
    return cluster.startsWith("outbound|") || ofThePod
        ? TrafficDirection.OUTBOUND
        : TrafficDirection.INBOUND;
  }
}
