/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.web;

/** Calls by how they were answered. */
enum StatusClass {
  /** The caller's errors. */
  CLIENT_ERROR("4xx", 400, 499),
  /** The far side's errors. */
  SERVER_ERROR("5xx", 500, 599),
  /** No response at all. */
  NONE("none", 0, 0);

  private final String key;
  private final int firstCode;
  private final int lastCode;

  StatusClass(String key, int firstCode, int lastCode) {
    this.key = key;
    this.firstCode = firstCode;
    this.lastCode = lastCode;
  }

  String key() {
    return key;
  }

  boolean includes(int responseCode) {
    return responseCode >= firstCode && responseCode <= lastCode;
  }
}
