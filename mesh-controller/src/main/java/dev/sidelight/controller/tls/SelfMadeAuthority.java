/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.tls;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** An authority that issues certificates for one server, and for nothing else. */
final class SelfMadeAuthority {

  /** Of what it issues. */
  static final Duration LIFETIME = Duration.ofDays(90);

  private static final Duration OWN_LIFETIME = Duration.ofDays(3_650);

  /** Clocks of nodes differ. */
  private static final Duration BEFORE = Duration.ofHours(1);

  private static final SecureRandom RANDOM = new SecureRandom();

  // state
  private final X509Certificate certificate;
  private final PrivateKey key;

  private SelfMadeAuthority(X509Certificate certificate, PrivateKey key) {
    this.certificate = certificate;
    this.key = key;
  }

  /**
   * What was issued.
   *
   * @param certificatePem of the server
   * @param keyPem its key
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Issued(byte[] certificatePem, byte[] keyPem) {}

  /** A new one. */
  static SelfMadeAuthority create(Instant now) throws CertificateRefusedException {
    try {
      KeyPair keys = newKeys();
      // A name of its own: whoever trusts two of them finds the right one by it.
      X500Name name = new X500Name("CN=Sidelight authority " + serial().toString(16));
      X509v3CertificateBuilder builder =
          builder(name, keys.getPublic(), name, now, now.plus(OWN_LIFETIME));
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
      builder.addExtension(
          Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
      return new SelfMadeAuthority(sign(builder, keys.getPrivate()), keys.getPrivate());
    } catch (GeneralSecurityException | OperatorCreationException | IOException e) {
      throw new CertificateRefusedException("no authority can be made: " + e);
    }
  }

  /** One that was made before. */
  static SelfMadeAuthority of(byte[] certificatePem, byte[] keyPem)
      throws CertificateRefusedException {
    return new SelfMadeAuthority(
        ServerCertificate.certificates("the authority", certificatePem).iterator().next(),
        PemKeys.read(keyPem));
  }

  /** Whether what it issues now does not outlive it. */
  boolean mayIssue(Instant now) {
    return certificate.getNotAfter().toInstant().isAfter(now.plus(LIFETIME));
  }

  /** A certificate for a server of these names. */
  Issued issue(List<String> dnsNames, Instant now) throws CertificateRefusedException {
    GeneralName[] names =
        dnsNames.stream()
            .map(name -> new GeneralName(GeneralName.dNSName, name))
            .toArray(GeneralName[]::new);
    return issue(
        "CN=" + dnsNames.get(0), new GeneralNames(names), KeyPurposeId.id_kp_serverAuth, now);
  }

  /** A certificate for whatever these names are. */
  Issued issue(String subject, GeneralNames names, KeyPurposeId purpose, Instant now)
      throws CertificateRefusedException {
    try {
      KeyPair keys = newKeys();
      X509v3CertificateBuilder builder =
          builder(
              new X500Name(certificate.getSubjectX500Principal().getName()),
              keys.getPublic(),
              new X500Name(subject),
              now,
              now.plus(LIFETIME));
      builder.addExtension(Extension.subjectAlternativeName, false, names);
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
      builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
      builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purpose));
      builder.addExtension(
          Extension.authorityKeyIdentifier,
          false,
          new JcaX509ExtensionUtils().createAuthorityKeyIdentifier(certificate.getPublicKey()));
      X509Certificate issued = sign(builder, key);
      return new Issued(pem(issued), PemKeys.write("PRIVATE KEY", keys.getPrivate().getEncoded()));
    } catch (GeneralSecurityException | OperatorCreationException | IOException e) {
      throw new CertificateRefusedException("no certificate can be made: " + e);
    }
  }

  byte[] certificatePem() throws CertificateRefusedException {
    return pem(certificate);
  }

  byte[] keyPem() {
    return PemKeys.write("PRIVATE KEY", key.getEncoded());
  }

  static byte[] pem(X509Certificate certificate) throws CertificateRefusedException {
    try {
      return PemKeys.write("CERTIFICATE", certificate.getEncoded());
    } catch (GeneralSecurityException e) {
      throw new CertificateRefusedException("a certificate cannot be written: " + e);
    }
  }

  private static X509v3CertificateBuilder builder(
      X500Name issuer, PublicKey publicKey, X500Name subject, Instant now, Instant until)
      throws GeneralSecurityException, IOException {
    X509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            issuer, serial(), Date.from(now.minus(BEFORE)), Date.from(until), subject, publicKey);
    builder.addExtension(
        Extension.subjectKeyIdentifier,
        false,
        new JcaX509ExtensionUtils().createSubjectKeyIdentifier(publicKey));
    return builder;
  }

  private static X509Certificate sign(X509v3CertificateBuilder builder, PrivateKey key)
      throws GeneralSecurityException, OperatorCreationException {
    return new JcaX509CertificateConverter()
        .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(key)));
  }

  private static KeyPair newKeys() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"), RANDOM);
    return generator.generateKeyPair();
  }

  private static BigInteger serial() {
    return new BigInteger(127, RANDOM).add(BigInteger.ONE);
  }
}
