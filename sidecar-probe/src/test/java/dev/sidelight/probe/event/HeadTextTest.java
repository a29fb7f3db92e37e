/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeadTextTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\r\n\r\n",
        "a\r\n\r\nb",
        "GET / HTTP/1.1\r\nhost: a\r\n\r\n",
        "\r\n\r\r\n\n\r\n\r\n\r\n",
        "\r\r\r\n\n\n\r\n\r",
        "abc\r\n\r\n\r\n\r\n",
        "a: b\n\n\r\n"
      })
  void headEnd_isBehindTheFirstBlankLine(String text) {
    int blank = text.indexOf("\r\n\r\n");
    assertThat(head(text).headEnd()).isEqualTo(blank < 0 ? -1 : blank + 4);
  }

  @Test
  void field_isFoundWhateverItsCase() {
    HeadText head = head("GET / HTTP/1.1\r\nHost: a\r\nX-Request-ID:  id-1 \r\n\r\nx-late: b\r\n");
    assertThat(head.field("x-request-id")).isEqualTo("id-1");
    assertThat(head.field("x-request")).isEmpty();
    assertThat(head.field("x-late")).isEmpty();
  }

  @Test
  void fieldThatWasCut_isNone() {
    assertThat(head("GET / HTTP/1.1\r\nx-request-id: id-").field("x-request-id")).isEmpty();
    assertThat(head("GET / HTTP/1.1\r\nx-reque").field("x-request-id")).isEmpty();
    assertThat(head("GET /").field("x-request-id")).isEmpty();
  }

  @Test
  void fields_areThoseOfWholeLinesBeforeTheBlankOne() {
    List<String> lines =
        List.of(
            "GET /?a: b HTTP/1.1",
            "Host: a:80",
            "x-folded: one",
            " two: secret",
            "no field",
            "bad name: x",
            "Set-Cookie:",
            "",
            "body: b",
            "");
    HeadText head = head(String.join("\r\n", lines));
    assertThat(fields(head)).containsExactly("host=a:80", "x-folded=one", "set-cookie=");
    assertThat(fields(head("GET / HTTP/1.1\r\nhost: a\r\nx-cut: b"))).containsExactly("host=a");
    assertThat(fields(head("GET / HT"))).isEmpty();
  }

  @Test
  void bytesAreCharacters() {
    HeadText head = HeadText.of(new byte[] {(byte) 0xe9, 'a', '\n'});
    assertThat(head.charAt(0)).isEqualTo('\u00e9');
    assertThat(head.from(1).text(0, 1)).isEqualTo("a");
    assertThat(head).hasToString("\u00e9a\n");
  }

  private static List<String> fields(HeadText head) {
    List<String> fields = new ArrayList<>();
    head.forEachField((name, value) -> fields.add(name + "=" + value));
    return fields;
  }

  private static HeadText head(String text) {
    return HeadText.of(text.getBytes(StandardCharsets.ISO_8859_1));
  }
}
