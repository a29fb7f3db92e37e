/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.correlator;

import java.util.Locale;

/**
 * The components of one call, in the order of its path. Each is the distance between neighbouring
 * points of the path, the request's and the response's part added, so that they sum to the total
 * exactly.
 */
public enum LatencyComponent {
  /** Source app's first to last send of the request. */
  REQUEST_TRANSFER(Rollup.CALLER),
  /** The same where it waited for room meanwhile: nobody knows who did not take the bytes. */
  REQUEST_TRANSFER_BLOCKED(Rollup.UNKNOWN),
  /** Loopback passage between source app and its sidecar. */
  SOURCE_HOP(Rollup.KERNEL),
  /** Data in a socket of the source's sidecar until it is read. */
  SOURCE_SIDECAR_QUEUE(Rollup.SIDECAR),
  /** The source's sidecar at work. */
  SOURCE_SIDECAR(Rollup.SIDECAR),
  /** Its wait for an upstream connection. */
  SOURCE_SIDECAR_CONNECT(Rollup.SIDECAR),
  /** From the first attempt's send to the last's. */
  RETRY(Rollup.RETRY),
  /** Between the two proxies, by durations only. */
  NETWORK(Rollup.NETWORK),
  /** Without a kernel record: source's wait for its upstream less the destination's duration. */
  LINK_UNSPLIT(Rollup.UNKNOWN),
  /** Data in a socket of the destination's sidecar until it is read. */
  DESTINATION_SIDECAR_QUEUE(Rollup.SIDECAR),
  /** The destination's sidecar at work. */
  DESTINATION_SIDECAR(Rollup.SIDECAR),
  /** Its wait for a connection to the app. */
  DESTINATION_SIDECAR_CONNECT(Rollup.SIDECAR),
  /** Loopback passage between sidecar and destination app. */
  DESTINATION_HOP(Rollup.KERNEL),
  /** The request in the app's socket until the app has read it. */
  APPLICATION_QUEUE(Rollup.APPLICATION),
  /** From the app's last read of the request to its first send of the response. */
  APPLICATION(Rollup.APPLICATION),
  /** App's first to last send of the response. */
  RESPONSE_TRANSFER(Rollup.APPLICATION),
  /** The same where it waited for room meanwhile: nobody knows who did not take the bytes. */
  RESPONSE_TRANSFER_BLOCKED(Rollup.UNKNOWN),
  /** Without a kernel record: what lay beyond the destination's proxy. */
  DESTINATION_UNSPLIT(Rollup.UNKNOWN),
  /** The response in the source app's socket until the app has read it. */
  SOURCE_APPLICATION_READ(Rollup.CALLER);

  private final Rollup rollup;

  LatencyComponent(Rollup rollup) {
    this.rollup = rollup;
  }

  /** What it is charged to. */
  public Rollup rollup() {
    return rollup;
  }

  /** Lower-case name, as in the API and in labels. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }
}
