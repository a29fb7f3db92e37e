/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.correlator;

/** What a call's connections carry. */
enum MeshProtocol {
  /** One request at a time. */
  HTTP1,
  /** Several streams at once, which the kernel's side can read. */
  HTTP2,
  /** Several streams at once, and the link is encrypted: nothing of it can be cut into requests. */
  HTTP2_ENCRYPTED;

  boolean isHttp2() {
    return this != HTTP1;
  }
}
