/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.metrics;

import dev.sidelight.correlator.TcpTraffic;
import java.util.List;

/** What connections under one set of labels have carried. A scrape takes a {@link #copy}. */
final class TcpSeries extends Series {

  private static final double NANOS_PER_SECOND = 1e9;

  // state
  private long opened;
  private long closed;
  private long sentBytes;
  private long receivedBytes;
  private long openNanos;
  private boolean secure;

  synchronized void add(TcpTraffic traffic) {
    opened += traffic.opened() ? 1 : 0;
    closed += traffic.ended() ? 1 : 0;
    sentBytes += traffic.bytesSent();
    receivedBytes += traffic.bytesReceived();
    openNanos += traffic.nanos();
    secure |= isMutualTls(traffic);
  }

  /** As the destination's proxy tells: the source's does not. */
  static boolean isMutualTls(TcpTraffic traffic) {
    return !traffic.entry().sourcePrincipal().isEmpty()
        && !traffic.entry().destinationPrincipal().isEmpty();
  }

  synchronized TcpSeries copy() {
    TcpSeries copy = new TcpSeries();
    copy.opened = opened;
    copy.closed = closed;
    copy.sentBytes = sentBytes;
    copy.receivedBytes = receivedBytes;
    copy.openNanos = openNanos;
    copy.secure = secure;
    return copy;
  }

  /** Of a copy, as all below. */
  void collect(
      List<String> labels, Family openedTo, Family closedTo, Family sentTo, Family receivedTo) {
    openedTo.add(labels, opened);
    closedTo.add(labels, closed);
    sentTo.add(labels, sentBytes);
    receivedTo.add(labels, receivedBytes);
  }

  /** To downstream. */
  long sentBytes() {
    return sentBytes;
  }

  /** From downstream. */
  long receivedBytes() {
    return receivedBytes;
  }

  /** Whether one of them was mutual TLS. */
  boolean isSecure() {
    return secure;
  }

  double openSeconds() {
    return openNanos / NANOS_PER_SECOND;
  }
}
