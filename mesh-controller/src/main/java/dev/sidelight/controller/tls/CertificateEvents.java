/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.tls;

/** What becomes of a certificate. Any thread. */
public interface CertificateEvents {

  /** Another certificate is served from now on. */
  void loaded(long notAfterEpochSeconds);

  /** There is none that could be read; the one before stays. */
  void failed(String detail);
}
