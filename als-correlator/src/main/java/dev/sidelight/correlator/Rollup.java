/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.correlator;

import java.util.Locale;

/** What a component's time is charged to. The roll-ups of a call sum to its total. */
public enum Rollup {
  /** The Envoys: their queues, their work, their connecting. */
  SIDECAR,
  /** The passage between the two proxies. */
  NETWORK,
  /** The destination app: until it reads, works and has sent its response. */
  APPLICATION,
  /** Loopback passages between a sidecar and its app. */
  KERNEL,
  /** The source app: slow in sending its request or in reading the response. */
  CALLER,
  /** Attempts before the last. */
  RETRY,
  /** Known to have passed, not known where: no kernel record there. */
  UNKNOWN;

  /** Lower-case name, as in the API and in labels. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }
}
