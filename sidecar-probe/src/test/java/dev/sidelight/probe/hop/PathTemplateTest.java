/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.hop;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PathTemplateTest {

  @ParameterizedTest
  @CsvSource({
    "/, /",
    "*, *",
    "/productpage, /productpage",
    "/productpage?u=test&secret=1, /productpage",
    "/reviews/0, /reviews/{id}",
    "/api/v1/products/17/reviews, /api/v1/products/{id}/reviews",
    "/u/6b1f3c1e-0a2b-4c3d-8e9f-001122334455/, /u/{id}/",
    "/blob/deadbeef01, /blob/{id}",
    "/facade, /facade",
    "/t/eyJhbGciOiJIUzI1NiJ9abcdefgh, /t/{id}",
    "/mail/someone@example.com, /mail/{id}",
    "/u/abcdefab-cdef-abcd-efab-abcdefabcdef, /u/{id}",
    "/a1b2c3, /a1b2c3",
    "/a@b, /{id}",
    "http://reviews:9080/reviews/0?x=1, /reviews/{id}",
    "http://reviews:9080, /",
    "/go?to=http://elsewhere/1, /go",
    "/a;jsessionid=1234, /a"
  })
  void target_becomesATemplate(String target, String template) {
    assertThat(PathTemplate.of(target)).isEqualTo(template);
  }

  @Test
  void longTarget_isCut() {
    assertThat(PathTemplate.of("/" + "word/".repeat(100))).hasSize(128);
  }
}
