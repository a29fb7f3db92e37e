/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.correlator;

import java.util.Locale;

/** Why a call is not {@link Coverage#FULL}. */
public enum PartialReason {
  /** It is full. */
  NONE,
  /**
   * The caller has no proxy that logs to us (a client outside the mesh, before a gateway or a
   * sidecar).
   */
  NO_SOURCE_PROXY,
  /** The destination has no proxy that logs to us, or its entry never came. */
  NO_DESTINATION_ENTRY,
  /** The source's entry never came though its kernel records did. */
  NO_SOURCE_ENTRY,
  /** No upstream was reached: answered by the proxy itself, or failed before a connection. */
  NO_UPSTREAM,
  /** No clock sample of the node yet. */
  NO_CLOCK,
  /** No exchange on the source proxy's downstream connection at that time. */
  NO_SOURCE_DOWNSTREAM,
  /** The source proxy's downstream exchange has no other end in the pod. */
  NO_SOURCE_APP,
  /** No exchange on the source proxy's upstream connection at that time. */
  NO_SOURCE_UPSTREAM,
  /** No exchange on the destination proxy's downstream connection at that time. */
  NO_DESTINATION_DOWNSTREAM,
  /** No exchange on the destination proxy's upstream connection at that time. */
  NO_DESTINATION_UPSTREAM,
  /** The destination proxy's upstream exchange has no other end in the pod. */
  NO_DESTINATION_APP,
  /** The link's two ends do not agree on the stream positions. */
  LINK_MISMATCH,
  /** The destination's time exceeds the source's enclosing time. */
  NEGATIVE_NETWORK,
  /** The exchange lacks a point: its send, arrival or read was not seen. */
  INCOMPLETE_EXCHANGE,
  /** The request id read on the hop is not the entry's. */
  REQUEST_ID_MISMATCH,
  /**
   * Two exchanges of a connection fit within the error of the clock, and no id tells which it was.
   */
  AMBIGUOUS_EXCHANGE,
  /** Several streams of an HTTP/2 connection fit, and their order does not tell them apart. */
  AMBIGUOUS_STREAM,
  /** The response came before the request had been sent: what lies between cannot be told. */
  EARLY_RESPONSE;

  /** Lower-case name, as in the API and in labels. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }
}
