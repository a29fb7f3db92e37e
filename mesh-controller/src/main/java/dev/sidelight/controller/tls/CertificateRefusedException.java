/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.tls;

/** A certificate that no server can use. The message is one line for the operator; no key in it. */
public final class CertificateRefusedException extends Exception {

  private static final long serialVersionUID = 1L;

  CertificateRefusedException(String message) {
    super(message);
  }
}
