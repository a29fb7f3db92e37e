/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.correlator;

import java.util.Locale;

/** What a reader of a call's figures should know. */
public enum RequestFlag {
  /** A point lay before its predecessor and was moved up to it: early response or overlap. */
  CLAMPED,
  /**
   * Envoy made several attempts and the earlier ones were not seen: their time is in the sidecar's.
   */
  ATTEMPTS_UNSEEN,
  /** The kernel's and the access log's order of events contradict one another. */
  ORDER_VIOLATED,
  /** The first exchange of a connection. */
  NEW_CONNECTION,
  /**
   * The link, or a gateway's connection from outside, carries several streams at once and is
   * encrypted: Envoy's stamps stand in there.
   */
  LINK_BY_ALS;

  /** Lower-case name, as in the API. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }
}
