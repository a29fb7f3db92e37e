/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.tls;

import io.grpc.ChannelCredentials;
import io.grpc.TlsChannelCredentials;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;

/** An authority of the tests', and what it issues. */
public final class TestCertificates {

  public static final String SERVER_NAME = "sidelight-controller.istio-system.svc";

  private final SelfMadeAuthority authority;

  public TestCertificates() {
    try {
      authority = SelfMadeAuthority.create(Instant.now());
    } catch (CertificateRefusedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Files of a new certificate of the server, as settings name them. */
  public CertificateFiles server(Path directory) {
    try {
      SelfMadeAuthority.Issued issued = authority.issue(List.of(SERVER_NAME), Instant.now());
      CertificateFiles files =
          new CertificateFiles(
              directory.resolve("tls.crt"),
              directory.resolve("tls.key"),
              directory.resolve("ca.crt"));
      Files.write(files.certificate(), issued.certificatePem());
      Files.write(files.key(), issued.keyPem());
      Files.write(files.clientCa(), authority.certificatePem());
      return files;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (CertificateRefusedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A client that trusts the server and shows no certificate. */
  public ChannelCredentials anybody() {
    try {
      return trusting(authority.certificatePem());
    } catch (CertificateRefusedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A client that trusts these authorities. */
  public static ChannelCredentials trusting(byte[] authoritiesPem) {
    try {
      return TlsChannelCredentials.newBuilder()
          .trustManager(new ByteArrayInputStream(authoritiesPem))
          .build();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A client with a certificate of this URI. */
  public ChannelCredentials holderOf(String uri) {
    try {
      SelfMadeAuthority.Issued issued =
          authority.issue(
              "O=nobody reads it",
              new GeneralNames(new GeneralName(GeneralName.uniformResourceIdentifier, uri)),
              KeyPurposeId.id_kp_clientAuth,
              Instant.now());
      return TlsChannelCredentials.newBuilder()
          .trustManager(new ByteArrayInputStream(authority.certificatePem()))
          .keyManager(
              new ByteArrayInputStream(issued.certificatePem()),
              new ByteArrayInputStream(issued.keyPem()))
          .build();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (CertificateRefusedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What was kept by a controller that has run at that time. */
  static SelfMadeKeys keys(Instant now) throws CertificateRefusedException {
    return SelfMadeKeys.of(Map.of()).renewed(List.of(SERVER_NAME), now);
  }
}
