/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;

/**
 * A certificate in files, as a Secret's volume or an agent of the mesh keeps them.
 *
 * @param certificate PEM chain, the server's own first
 * @param key PEM key
 * @param clientCa PEM authorities of clients' certificates; null where clients need none
 */
public record CertificateFiles(Path certificate, Path key, Path clientCa)
    implements CertificateSource {

  /** Whether certificate and key are there. */
  public boolean arePresent() {
    return Files.isReadable(certificate) && Files.isReadable(key);
  }

  @Override
  public ServerCertificate read() throws CertificateRefusedException {
    return ServerCertificate.of(
        bytes(certificate), bytes(key), clientCa == null ? null : bytes(clientCa), Instant.now());
  }

  private static byte[] bytes(Path file) throws CertificateRefusedException {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new CertificateRefusedException(file + " cannot be read: " + e);
    }
  }
}
