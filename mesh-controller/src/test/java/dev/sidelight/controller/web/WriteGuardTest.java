/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sidelight.controller.web.WriteGuard.Refusal;
import dev.sidelight.controller.web.WriteGuard.RequestHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class WriteGuardTest {

  private static final String JSON = "application/json";

  @ParameterizedTest
  @CsvSource(
      nullValues = "none",
      value = {
        "none, sidelight:8090",
        "http://sidelight:8090, sidelight:8090",
        "http://Sidelight:8090, sideLight:8090",
        "http://sidelight, sidelight",
        "http://sidelight, sidelight:80",
        "http://sidelight:80, sidelight",
        "https://sidelight, sidelight:443",
        "https://sidelight, sidelight",
        "http://[::1]:8090, [::1]:8090",
        "http://[::1], [::1]"
      })
  void sameOrigin_passes(String origin, String host) {
    assertThat(check(ApiToken.none(), false, origin, host, null)).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "none",
      value = {
        "null, sidelight:8090",
        "'', sidelight:8090",
        "http://evil.example, sidelight:8090",
        "http://sidelight:8091, sidelight:8090",
        "http://sidelight, sidelight:8090",
        "https://sidelight, sidelight:80",
        "http://sidelight:8090@evil.example, sidelight:8090",
        "http://sidelight:8090.evil.example, sidelight:8090",
        "http://sidelight:8090, none",
        "http://[::1]:8090, [::2]:8090",
        "http://%zz, sidelight:8090"
      })
  void otherOrigin_isRefusedEvenWithTheToken(String origin, String host) {
    ApiToken token = ApiToken.of("t0ken");
    assertThat(check(token, false, origin, host, "Bearer t0ken").statusCode()).isEqualTo(403);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"localhost:8090", "LOCALHOST", "127.0.0.1:8090", "127.1.2.3", "[::1]:8090"})
  void loopback_passes(String host) {
    assertThat(check(ApiToken.none(), true, "http://" + host, host, null)).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "none",
      value = {
        "evil.example:8090",
        "127.0.0.1.evil.example",
        "localhost.evil.example",
        "''",
        "none"
      })
  void nameThatIsNotLoopback_isRefusedWithoutAToken(String host) {
    assertThat(check(ApiToken.none(), true, null, host, null).statusCode()).isEqualTo(403);
    assertThat(check(ApiToken.none(), false, null, host, null)).isNull();
    assertThat(check(ApiToken.of("t0ken"), true, null, host, "Bearer t0ken")).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "none",
      value = {
        "none",
        "''",
        "t0ken",
        "Bearer",
        "Bearer ",
        "Bearer t0ke",
        "Bearer t0kenn",
        "Basic t0ken"
      })
  void withoutTheToken_isUnauthorized(String authorization) {
    Refusal refusal = check(ApiToken.of("t0ken"), true, null, "localhost:8090", authorization);
    assertThat(refusal.statusCode()).isEqualTo(401);
    assertThat(refusal.message()).doesNotContain("t0ken");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Bearer t0ken", "bearer t0ken", "Bearer  t0ken "})
  void withTheToken_passes(String authorization) {
    assertThat(check(ApiToken.of("t0ken"), true, null, "localhost", authorization)).isNull();
  }

  @Test
  void body_mustBeJson() {
    WriteGuard guard = new WriteGuard(ApiToken.none(), false);
    for (String type : new String[] {JSON, "application/json; charset=utf-8", "Application/JSON"}) {
      assertThat(guard.check(new RequestHeaders(null, "a", null, type), true)).isNull();
    }
    // What a form of another page can send.
    for (String type :
        new String[] {
          null,
          "",
          "text/plain",
          "application/x-www-form-urlencoded",
          "multipart/form-data",
          "text/plain; application/json"
        }) {
      assertThat(guard.check(new RequestHeaders(null, "a", null, type), true).statusCode())
          .isEqualTo(415);
    }
    assertThat(guard.check(new RequestHeaders(null, "a", null, null), false)).isNull();
  }

  private static Refusal check(
      ApiToken token, boolean loopbackOnly, String origin, String host, String authorization) {
    return new WriteGuard(token, loopbackOnly)
        .check(new RequestHeaders(origin, host, authorization, JSON), true);
  }
}
