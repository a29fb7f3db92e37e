/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.web;

/** Which of the matching calls come first, and so are kept where there are more than asked for. */
public enum RequestOrder {
  /** Last started first. */
  NEWEST("newest"),
  /** Longest total first. */
  SLOWEST("slowest");

  private final String key;

  RequestOrder(String key) {
    this.key = key;
  }

  String key() {
    return key;
  }
}
