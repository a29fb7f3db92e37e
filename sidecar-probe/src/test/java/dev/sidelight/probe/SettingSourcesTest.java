/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingSourcesTest {
  private static final String KEY = Setting.CONTROLLER_HOP_PORT.key();
  private static final String ENVIRONMENT = "SIDELIGHT_CONTROLLER_HOP_PORT";

  @TempDir private Path directory;

  @Test
  void environmentName_followsTheKey() {
    assertThat(Setting.CONTROLLER_HOP_PORT.environmentName()).isEqualTo(ENVIRONMENT);
  }

  @Test
  void commandLine_winsOverEnvironmentOverFileOverDefault() throws IOException {
    Path file = file(KEY + "=3\n");
    assertThat(port(Map.of(KEY, "1"), Map.of(ENVIRONMENT, "2"), file)).isEqualTo(1);
    assertThat(port(Map.of(), Map.of(ENVIRONMENT, "2"), file)).isEqualTo(2);
    assertThat(port(Map.of(), Map.of(), file)).isEqualTo(3);
    assertThat(port(Map.of(), Map.of(), null)).isEqualTo(8092);
  }

  @Test
  void unknownKey_isRefusedWithItsFile() throws IOException {
    Path file = file("controller.hoport=1\n");
    assertThatExceptionOfType(SettingException.class)
        .isThrownBy(() -> SettingSources.of(Map.of(), Map.of(), file))
        .withMessageContaining("controller.hoport")
        .withMessageContaining(file.toString())
        .withMessageContaining("controller.hopPort");
  }

  @Test
  void badValue_isRefusedWithItsSource() {
    assertThatExceptionOfType(SettingException.class)
        .isThrownBy(() -> port(Map.of(), Map.of(ENVIRONMENT, "many"), null))
        .withMessageContaining("controller.hopPort=many")
        .withMessageContaining(ENVIRONMENT)
        .withMessageContaining("1 to 65535");
  }

  @Test
  void ringThatIsNoPowerOfTwo_isRefused() {
    assertThatExceptionOfType(SettingException.class)
        .isThrownBy(
            () ->
                ProbeSettings.of(
                    SettingSources.of(Map.of("probe.ringBytes", "5000"), Map.of(), null)))
        .withMessageContaining("power of two");
  }

  @Test
  void tokenWithoutTls_isRefused() {
    assertThatExceptionOfType(SettingException.class)
        .isThrownBy(
            () ->
                ProbeSettings.of(
                    SettingSources.of(Map.of("controller.tokenFile", "/token"), Map.of(), null)))
        .withMessageContaining("controller.tokenFile=/token")
        .withMessageContaining("controller.tlsCaFile");
  }

  @Test
  void missingFile_isRefused() {
    assertThatExceptionOfType(SettingException.class)
        .isThrownBy(() -> SettingSources.of(Map.of(), Map.of(), directory.resolve("none")))
        .withMessageContaining("--config");
  }

  @Test
  void defaults_areGood() {
    ProbeSettings settings = ProbeSettings.of(SettingSources.of(Map.of(), Map.of(), null));
    assertThat(settings.metricsPort()).isEqualTo(8094);
    assertThat(settings.nodeName()).isNotEmpty();
  }

  private Path file(String content) throws IOException {
    return Files.writeString(directory.resolve("probe.properties"), content);
  }

  private static int port(Map<String, String> commandLine, Map<String, String> env, Path file) {
    return ProbeSettings.of(SettingSources.of(commandLine, env, file)).upload().port();
  }
}
