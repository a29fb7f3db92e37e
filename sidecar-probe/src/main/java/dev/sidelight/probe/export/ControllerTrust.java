/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.export;

import io.grpc.util.AdvancedTlsX509TrustManager;
import io.grpc.util.CertificateUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import javax.net.ssl.X509TrustManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The certificates by which the controller's is judged: those of a file, as it was when last looked
 * at. What cannot be used never takes the place of what could.
 */
final class ControllerTrust {
  private static final Logger LOG = LoggerFactory.getLogger(ControllerTrust.class);

  // deps
  private final Path file;
  private final AdvancedTlsX509TrustManager manager;

  // state, of who refreshes
  private byte[] used;
  private String refused = "";

  ControllerTrust(Path file) {
    this.file = file;
    try {
      manager = AdvancedTlsX509TrustManager.newBuilder().build();
    } catch (CertificateException e) {
      throw new IllegalStateException("this JVM has no TLS", e);
    }
  }

  X509TrustManager manager() {
    return manager;
  }

  /**
   * Looks at the file; from then on connections that open are judged by what it holds.
   *
   * @throws IOException when there has never been anything to judge by
   */
  void refresh() throws IOException {
    try {
      byte[] present = Files.readAllBytes(file);
      if (!Arrays.equals(present, used)) {
        trust(present);
        used = present;
      }
      refused = "";
    } catch (IOException | GeneralSecurityException e) {
      String reason = "the certificates in " + file + " cannot be used: " + e;
      if (used == null) {
        throw new IOException(reason, e);
      }
      if (!reason.equals(refused)) {
        refused = reason;
        LOG.warn("{}; going on by those that were there before", reason);
      }
    }
  }

  private void trust(byte[] pem) throws IOException, GeneralSecurityException {
    X509Certificate[] certificates =
        CertificateUtils.getX509Certificates(new ByteArrayInputStream(pem));
    if (certificates.length == 0) {
      throw new CertificateException("it holds none");
    }
    manager.updateTrustCredentials(certificates);
    LOG.info("the controller's certificate is judged by {} of {}", certificates.length, file);
  }
}
