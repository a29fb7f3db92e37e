/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ApiTokenTest {

  @TempDir Path directory;

  @Test
  void none_letsEverybodyIn() {
    assertThat(ApiToken.none().isSet()).isFalse();
    assertThat(ApiToken.none().isShownBy(null)).isTrue();
  }

  @Test
  void file_isReadAgain() throws Exception {
    Path file = Files.writeString(directory.resolve("token"), "  first\n");
    ApiToken token = ApiToken.in(file);
    assertThat(token.isSet()).isTrue();
    assertThat(token.isShownBy("Bearer first")).isTrue();
    // As a Secret's volume does it: another file takes its place.
    Files.move(
        Files.writeString(directory.resolve("new"), "second"),
        file,
        StandardCopyOption.REPLACE_EXISTING);
    assertThat(token.isShownBy("Bearer first")).isFalse();
    assertThat(token.isShownBy("Bearer second")).isTrue();
  }

  @Test
  void fileThatIsGone_letsNobodyIn() throws Exception {
    Path file = Files.writeString(directory.resolve("token"), "first");
    ApiToken token = ApiToken.in(file);
    Files.delete(file);
    assertThat(token.isShownBy("Bearer first")).isFalse();
    Files.writeString(file, " \n");
    assertThat(token.isShownBy("Bearer ")).isFalse();
    Files.writeString(file, "x".repeat(5_000));
    assertThat(token.isShownBy("Bearer " + "x".repeat(5_000))).isFalse();
    assertThat(token.isSet()).isTrue();
  }

  @Test
  void whatIsNoToken_isNotTold() throws IOException {
    assertThatThrownBy(() -> ApiToken.of("my secret"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("secret");
    assertThatThrownBy(() -> ApiToken.of("s\u00e9cret"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("cret");
    Path file = Files.writeString(directory.resolve("token"), "two\nlines");
    assertThatThrownBy(() -> ApiToken.in(file))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("lines");
  }

  @Test
  void fileThatIsNotThereYet_letsNobodyInUntilItIs() throws IOException {
    Path file = directory.resolve("later");
    ApiToken token = ApiToken.in(file);
    assertThat(token.isSet()).isTrue();
    assertThat(token.isShownBy("Bearer t0ken")).isFalse();
    Files.writeString(file, "t0ken");
    assertThat(token.isShownBy("Bearer t0ken")).isTrue();
    assertThatThrownBy(() -> ApiToken.in(directory.resolve("missing/token")))
        .isInstanceOf(IOException.class);
  }

  @Test
  void text_doesNotTellIt() throws IOException {
    assertThat(ApiToken.of("t0ken").toString()).doesNotContain("t0ken");
    Path file = Files.writeString(directory.resolve("f"), "t0ken");
    assertThat(ApiToken.in(file).toString()).doesNotContain("t0ken").contains("f");
  }
}
