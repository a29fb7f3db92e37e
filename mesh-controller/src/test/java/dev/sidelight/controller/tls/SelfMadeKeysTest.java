/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.tls;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.SignatureException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SelfMadeKeysTest {

  private static final List<String> NAMES = List.of("controller.mesh.svc", "controller");

  private final Instant now = Instant.now();
  private final SelfMadeKeys none = SelfMadeKeys.of(Map.of());

  @Test
  void nothingKept_isFilled() throws Exception {
    assertThat(none.areGood(now)).isFalse();
    assertThat(none.isForeign()).isFalse();
    SelfMadeKeys made = none.renewed(NAMES, now);
    assertThat(made.areGood(now)).isTrue();
    assertThat(made.isForeign()).isFalse();
    X509Certificate own = made.certificate(now).own();
    own.verify(authorities(made).get(0).getPublicKey());
    assertThat(own.getSubjectAlternativeNames())
        .extracting(name -> String.valueOf(name.get(1)))
        .containsExactly("controller.mesh.svc", "controller");
    assertThat(own.getBasicConstraints()).as("may issue nothing").isEqualTo(-1);
    assertThat(Duration.between(now, own.getNotAfter().toInstant())).isBetween(days(89), days(91));
  }

  @Test
  void certificateThatExpiresWithinAMonth_isRenewedByTheSameAuthority() throws Exception {
    SelfMadeKeys made = none.renewed(NAMES, now);
    assertThat(made.areGood(now.plus(days(59)))).isTrue();
    assertThat(made.areGood(now.plus(days(61)))).isFalse();
    SelfMadeKeys renewed = made.renewed(NAMES, now.plus(days(61)));
    assertThat(renewed.data().get("ca.crt")).isEqualTo(made.data().get("ca.crt"));
    assertThat(renewed.data().get("tls.key")).isNotEqualTo(made.data().get("tls.key"));
    assertThat(renewed.areGood(now.plus(days(61)))).isTrue();
  }

  @Test
  void authorityThatEnds_isFollowedByAnother_andBothAreTold() throws Exception {
    SelfMadeKeys made = none.renewed(NAMES, now);
    // So that the certificate is valid now: an authority of long ago.
    SelfMadeKeys old = none.renewed(NAMES, now.minus(days(3_600)));
    assertThat(old.areGood(now)).isFalse();
    SelfMadeKeys renewed = old.renewed(NAMES, now);
    List<X509Certificate> told = authorities(renewed);
    assertThat(told).hasSize(2).endsWith(authorities(old).get(0));
    renewed.certificate(now).own().verify(told.get(0).getPublicKey());
    X509Certificate own = renewed.certificate(now).own();
    assertThatThrownBy(() -> own.verify(told.get(1).getPublicKey()))
        .isInstanceOf(SignatureException.class);
    assertThat(told.get(0).getSubjectX500Principal())
        .isNotEqualTo(told.get(1).getSubjectX500Principal());
    assertThat(authorities(made)).hasSize(1);
  }

  @Test
  void whatCannotBeRead_isReplaced() throws Exception {
    Map<String, byte[]> broken = new HashMap<>(none.renewed(NAMES, now).data());
    broken.put("tls.key", "none".getBytes(US_ASCII));
    broken.put("ca.key", "none".getBytes(US_ASCII));
    SelfMadeKeys kept = SelfMadeKeys.of(broken);
    assertThat(kept.areGood(now)).isFalse();
    assertThat(kept.renewed(NAMES, now).areGood(now)).isTrue();
  }

  @Test
  void certificateWithoutOurAuthoritysKey_isSomebodyElses() throws Exception {
    Map<String, byte[]> foreign = new HashMap<>(none.renewed(NAMES, now).data());
    foreign.remove("ca.key");
    assertThat(SelfMadeKeys.of(foreign).isForeign()).isTrue();
  }

  private static List<X509Certificate> authorities(SelfMadeKeys keys) throws Exception {
    return new ArrayList<>(ServerCertificate.certificates("told", keys.data().get("ca.crt")));
  }

  private static Duration days(long days) {
    return Duration.ofDays(days);
  }
}
