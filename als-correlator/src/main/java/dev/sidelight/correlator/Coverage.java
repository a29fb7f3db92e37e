/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.correlator;

/** How much of a call was seen. */
public enum Coverage {
  /** Kernel and access log at both proxies: every component measured. */
  FULL("full"),
  /**
   * Both access logs, but the kernel's records are missing or were refused somewhere: see the
   * reason.
   */
  ALS_ONLY("alsOnly"),
  /** One proxy only: the other end has none, or its entry is missing. */
  ONE_SIDED("oneSided");

  private final String key;

  Coverage(String key) {
    this.key = key;
  }

  /** Name in the API and in labels. */
  public String key() {
    return key;
  }
}
