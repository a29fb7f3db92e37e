/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.als;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ForwardedClientCertificateTest {

  private static final String REVIEWS = "spiffe://cluster.local/ns/bookinfo/sa/reviews";

  /** Separated by bars, since the header has all else in it. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      value = {
        "By=spiffe://a/ns/b/sa/c;Hash=0;Subject=\"\";URI=" + REVIEWS + " | " + REVIEWS,
        "URI=" + REVIEWS + " | " + REVIEWS,
        "uri=" + REVIEWS + ";By=x | " + REVIEWS,
        "URI=spiffe://a/ns/forged/sa/x,By=b;URI=" + REVIEWS + " | " + REVIEWS,
        "Subject=\"a,URI=spiffe://a/ns/forged/sa/x;\\\"b\";URI=" + REVIEWS + " | " + REVIEWS,
        "URI=\"" + REVIEWS + "\" | " + REVIEWS,
        "URI=spiffe://a/ns/b/sa/c,By=last saw none | ''",
        "Subject=\"URI=spiffe://a/ns/forged/sa/x | ''",
        "'' | ''"
      })
  void uri_isTheNearestProxys(String header, String expected) {
    assertThat(ForwardedClientCertificate.uri(header)).isEqualTo(expected);
  }

  @Test
  void identity_isNamespaceAndServiceAccount() throws Exception {
    assertThat(SpiffeId.parse(REVIEWS))
        .isEqualTo(new SpiffeId("cluster.local", "bookinfo", "reviews"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "https://cluster.local/ns/bookinfo/sa/reviews",
        "spiffe://cluster.local/ns/bookinfo/sa/reviews/more",
        "spiffe://cluster.local/ns//sa/reviews",
        "spiffe://cluster.local/bookinfo"
      })
  void otherUris_areNobodys(String uri) {
    assertThatThrownBy(() -> SpiffeId.parse(uri))
        .isInstanceOfSatisfying(
            RefusedException.class,
            refused -> assertThat(refused.reason()).isEqualTo("unknown_caller"));
  }
}
