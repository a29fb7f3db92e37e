/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.tls;

/** Where a server's certificate is. */
public interface CertificateSource {

  /**
   * Reads it anew. Waits for disks and networks.
   *
   * @throws CertificateRefusedException where there is none to serve with
   */
  ServerCertificate read() throws CertificateRefusedException;
}
