/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.als;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StringPoolTest {

  private final StringPool pool = new StringPool();

  @Test
  void repeatedAscii_isTheSameString() {
    assertThat(get("outbound|9080||reviews")).isSameAs(get("outbound|9080||reviews"));
  }

  @Test
  void otherText_isDecoded() {
    assertThat(get("größe")).isEqualTo("größe");
    assertThat(get("größe")).isEqualTo("größe");
    assertThat(get("")).isEmpty();
    assertThat(get("x".repeat(1000))).hasSize(1000);
  }

  @Test
  void manyStrings_neverGetMixedUp() {
    Random random = new Random(1);
    for (int i = 0; i < 100_000; i++) {
      String text = Integer.toString(random.nextInt(50_000), 36);
      assertThat(get(text)).isEqualTo(text);
    }
  }

  private String get(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return pool.get(bytes, 0, bytes.length);
  }
}
