/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.edges;

/** What percentiles were computed from. */
public enum Resolution {
  /** Calls, second by second: within 0.1%. */
  CALLS("calls"),
  /** The history's histograms: within 3.2%. */
  HISTOGRAM("histogram");

  private final String key;

  Resolution(String key) {
    this.key = key;
  }

  /** Name in the API. */
  public String key() {
    return key;
  }
}
