/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.tls;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.ServerSSLOptions;
import io.vertx.core.net.TrustOptions;
import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.Date;

/**
 * A certificate chain, its key, and the authorities of clients' certificates, checked: the key is
 * the certificate's, and it has not expired.
 */
public final class ServerCertificate {

  private static final byte[] PROOF = {1, 2, 3, 4};

  // state
  private final byte[] chainPem;
  private final byte[] keyPem;
  private final byte[] clientCaPem;
  private final X509Certificate own;

  private ServerCertificate(
      byte[] chainPem, byte[] keyPem, byte[] clientCaPem, X509Certificate own) {
    this.chainPem = chainPem;
    this.keyPem = keyPem;
    this.clientCaPem = clientCaPem;
    this.own = own;
  }

  /**
   * Checks them.
   *
   * @param clientCaPem null where clients need no certificate
   * @param now when it is to be valid
   */
  static ServerCertificate of(byte[] chainPem, byte[] keyPem, byte[] clientCaPem, Instant now)
      throws CertificateRefusedException {
    X509Certificate own = certificates("certificate", chainPem).iterator().next();
    PrivateKey key = PemKeys.read(keyPem);
    try {
      own.checkValidity(Date.from(now));
      if (!isPair(own, key)) {
        throw new CertificateRefusedException("the key is not the certificate's");
      }
    } catch (GeneralSecurityException e) {
      throw new CertificateRefusedException("cannot be used: " + e);
    }
    if (clientCaPem != null) {
      certificates("clients' authorities", clientCaPem);
    }
    return new ServerCertificate(chainPem, keyPem, clientCaPem, own);
  }

  /** Files that are written one after the other do not belong together in between. */
  private static boolean isPair(X509Certificate certificate, PrivateKey key)
      throws GeneralSecurityException {
    String algorithm =
        switch (key.getAlgorithm()) {
          case "EC", "ECDSA" -> "SHA256withECDSA";
          case "RSA" -> "SHA256withRSA";
          default -> key.getAlgorithm();
        };
    if (!certificate.getPublicKey().getAlgorithm().equals(key.getAlgorithm())) {
      return false;
    }
    Signature signature = Signature.getInstance(algorithm);
    signature.initSign(key);
    signature.update(PROOF);
    byte[] signed = signature.sign();
    signature.initVerify(certificate);
    signature.update(PROOF);
    return signature.verify(signed);
  }

  /** At least one. */
  static Collection<X509Certificate> certificates(String what, byte[] pem)
      throws CertificateRefusedException {
    try {
      Collection<X509Certificate> certificates =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(pem))
              .stream()
              .map(X509Certificate.class::cast)
              .toList();
      if (!certificates.isEmpty()) {
        return certificates;
      }
    } catch (CertificateException e) {
      throw new CertificateRefusedException(what + " is no PEM certificate: " + e.getMessage());
    }
    throw new CertificateRefusedException(what + " is empty");
  }

  /** Makes a server begin with it. */
  public void secure(HttpServerOptions options) {
    options.setSsl(true).setUseAlpn(true).setKeyCertOptions(keyAndChain());
    if (clientCaPem != null) {
      options.setTrustOptions(clientAuthorities()).setClientAuth(ClientAuth.REQUIRED);
    }
  }

  /** What a server that runs is changed to. */
  ServerSSLOptions options() {
    ServerSSLOptions options = new ServerSSLOptions();
    options.setUseAlpn(true).setKeyCertOptions(keyAndChain());
    if (clientCaPem != null) {
      options.setTrustOptions(clientAuthorities()).setClientAuth(ClientAuth.REQUIRED);
    }
    return options;
  }

  private KeyCertOptions keyAndChain() {
    return new PemKeyCertOptions()
        .addCertValue(Buffer.buffer(chainPem))
        .addKeyValue(Buffer.buffer(keyPem));
  }

  private TrustOptions clientAuthorities() {
    return new PemTrustOptions().addCertValue(Buffer.buffer(clientCaPem));
  }

  X509Certificate own() {
    return own;
  }

  /** When it expires. */
  public long notAfterEpochSeconds() {
    return own.getNotAfter().toInstant().getEpochSecond();
  }

  boolean isSameAs(ServerCertificate other) {
    return Arrays.equals(chainPem, other.chainPem)
        && Arrays.equals(keyPem, other.keyPem)
        && Arrays.equals(clientCaPem, other.clientCaPem);
  }
}
