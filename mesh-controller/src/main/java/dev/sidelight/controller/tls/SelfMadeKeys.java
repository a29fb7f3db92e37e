/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.tls;

import java.io.ByteArrayOutputStream;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What is kept of self-made certificates, under the keys of a Secret. {@code ca.crt} begins with
 * the authority that issues now; those before it that are valid yet follow, since not every client
 * has heard of the new one.
 */
final class SelfMadeKeys {

  static final String CERTIFICATE = "tls.crt";
  static final String KEY = "tls.key";
  static final String AUTHORITY = "ca.crt";

  /** Only what is made here has it. */
  static final String AUTHORITY_KEY = "ca.key";

  private static final Duration RENEWED_BEFORE = Duration.ofDays(30);

  // state
  private final Map<String, byte[]> data;

  private SelfMadeKeys(Map<String, byte[]> data) {
    this.data = data;
  }

  /** What was kept, perhaps nothing. */
  static SelfMadeKeys of(Map<String, byte[]> data) {
    return new SelfMadeKeys(Map.copyOf(data));
  }

  Map<String, byte[]> data() {
    return data;
  }

  /** Whether somebody else's certificate is kept here, which is not to be replaced. */
  boolean isForeign() {
    return has(CERTIFICATE) && has(KEY) && !has(AUTHORITY_KEY);
  }

  private boolean has(String name) {
    return data.getOrDefault(name, new byte[0]).length > 0;
  }

  ServerCertificate certificate(Instant now) throws CertificateRefusedException {
    return ServerCertificate.of(
        data.getOrDefault(CERTIFICATE, new byte[0]),
        data.getOrDefault(KEY, new byte[0]),
        null,
        now);
  }

  /** Whether there is a certificate that lasts, and the authority that it is known by. */
  boolean areGood(Instant now) {
    try {
      Instant until = certificate(now).own().getNotAfter().toInstant();
      return until.isAfter(now.plus(RENEWED_BEFORE)) && has(AUTHORITY) && has(AUTHORITY_KEY);
    } catch (CertificateRefusedException e) {
      return false;
    }
  }

  /** With another certificate, of the same authority while that may issue. */
  SelfMadeKeys renewed(List<String> dnsNames, Instant now) throws CertificateRefusedException {
    SelfMadeAuthority authority = authority(now);
    Map<String, byte[]> renewed = new HashMap<>();
    if (authority == null) {
      authority = SelfMadeAuthority.create(now);
      renewed.put(AUTHORITY, authorities(authority, now));
    } else {
      renewed.put(AUTHORITY, data.get(AUTHORITY));
    }
    SelfMadeAuthority.Issued issued = authority.issue(dnsNames, now);
    renewed.put(AUTHORITY_KEY, authority.keyPem());
    renewed.put(CERTIFICATE, issued.certificatePem());
    renewed.put(KEY, issued.keyPem());
    return new SelfMadeKeys(renewed);
  }

  /** Null where there is none that may issue. */
  private SelfMadeAuthority authority(Instant now) {
    try {
      if (has(AUTHORITY) && has(AUTHORITY_KEY)) {
        SelfMadeAuthority kept = SelfMadeAuthority.of(data.get(AUTHORITY), data.get(AUTHORITY_KEY));
        return kept.mayIssue(now) ? kept : null;
      }
    } catch (CertificateRefusedException e) {
      // What cannot be read is replaced.
    }
    return null;
  }

  private byte[] authorities(SelfMadeAuthority newest, Instant now)
      throws CertificateRefusedException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(newest.certificatePem());
    if (has(AUTHORITY) && has(AUTHORITY_KEY)) {
      for (X509Certificate before :
          ServerCertificate.certificates("the authorities", data.get(AUTHORITY))) {
        if (before.getNotAfter().toInstant().isAfter(now)) {
          all.writeBytes(SelfMadeAuthority.pem(before));
        }
      }
    }
    return all.toByteArray();
  }
}
