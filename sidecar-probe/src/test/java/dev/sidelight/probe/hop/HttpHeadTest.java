/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.hop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sidelight.probe.event.HeadText;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpHeadTest {

  @Test
  void request_givesMethodTemplateAndId() {
    assertThat(parse("POST /reviews/0?q=1 HTTP/1.1\r\nhost: x\r\nX-Request-Id: abc-1\r\n\r\nbody"))
        .isEqualTo(new HttpHead("http1", "POST", "/reviews/{id}", 0, "abc-1"));
  }

  @Test
  void response_givesStatus() {
    assertThat(parse("HTTP/1.1 503 Service Unavailable\r\nserver: envoy\r\n"))
        .isEqualTo(new HttpHead("http1", "", "", 503, ""));
  }

  @Test
  void responseWithoutReason_givesStatus() {
    assertThat(parse("HTTP/1.0 200\r\n\r\n").status()).isEqualTo(200);
  }

  @Test
  void idThatMayBeCut_isNotTaken() {
    assertThat(parse("GET / HTTP/1.1\r\nx-request-id: abc-1").requestId()).isEmpty();
  }

  @Test
  void idInTheBody_isNotTaken() {
    assertThat(parse("GET / HTTP/1.1\r\nhost: x\r\n\r\nx-request-id: abc\r\n").requestId())
        .isEmpty();
  }

  @Test
  void headerThatEndsLikeIt_isNotTaken() {
    assertThat(parse("GET / HTTP/1.1\r\nmy-x-request-id: abc\r\n\r\n").requestId()).isEmpty();
  }

  @Test
  void cutTarget_givesNoTemplate() {
    assertThat(parse("GET /reviews/1234567")).isEqualTo(new HttpHead("http1", "GET", "", 0, ""));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "GETAWAY",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        "GET nothing\r\n",
        "GET / FTP/1.1\r\n",
        "SELECT 1",
        "HELO there\r\n"
      })
  void otherBytes_giveNothing(String text) {
    assertThat(parse(text)).isEqualTo(HttpHead.NONE);
  }

  @Test
  void badStatus_isAbsent() {
    assertThat(parse("HTTP/1.1 2x0 OK\r\n").status()).isZero();
    assertThat(parse("HTTP/1.1").status()).isZero();
  }

  private static HttpHead parse(String text) {
    return HttpHead.parse(HeadText.of(text.getBytes(StandardCharsets.ISO_8859_1)));
  }
}
