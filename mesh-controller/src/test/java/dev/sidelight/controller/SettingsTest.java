/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sidelight.controller.overlay.OverlaySettings;
import dev.sidelight.controller.tracing.SampledFlag;
import dev.sidelight.controller.tracing.TracingSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsTest {

  @TempDir Path directory;

  @Test
  void defaults_areLoopback() {
    ControllerSettings settings = settings("", Map.of(), Map.of());
    assertThat(settings.http()).isEqualTo(new ControllerSettings.ListenAddress("127.0.0.1", 8090));
    assertThat(settings.als().port()).isEqualTo(8091);
    assertThat(settings.hop().port()).isEqualTo(8092);
    assertThat(settings.alsSocketPath()).isNull();
    assertThat(settings.alsSocketMode()).isEqualTo(0660);
    assertThat(settings.meshFile()).isNull();
  }

  @Test
  void cluster_isAskedWhereThatIsOn_aboutAllNamespacesOrThoseOfASelector() {
    assertThat(settings("kubernetes.namespaceSelector = a=b", Map.of(), Map.of()).kubernetes())
        .isNull();
    for (String selector :
        List.of("", "sidelight=on", "istio-injection=enabled,!legacy", "team in (a, b),x!=y")) {
      Map<String, String> environment =
          Map.of(
              "SIDELIGHT_KUBERNETES_ENABLED",
              "on",
              "SIDELIGHT_KUBERNETES_NAMESPACE_SELECTOR",
              selector);
      assertThat(settings("", environment, Map.of()).kubernetes().namespaceSelector())
          .isEqualTo(selector);
    }
  }

  @Test
  void overlay_isThereWhereItHasAKiali() {
    assertThat(settings("", Map.of(), Map.of()).overlay()).isNull();
    OverlaySettings overlay =
        settings("overlay.kialiUrl = https://kiali.istio-system:20001/", Map.of(), Map.of())
            .overlay();
    assertThat(overlay.kialiUrl()).hasToString("https://kiali.istio-system:20001");
    assertThat(overlay.host()).isEqualTo("127.0.0.1");
    assertThat(overlay.port()).isEqualTo(8093);
  }

  @Test
  void prometheusUrl_mayHaveAPath() {
    assertThat(settings("", Map.of(), Map.of()).history().prometheusUrl()).isNull();
    assertThat(
            settings("history.prometheusUrl = http://metrics:9090/prometheus", Map.of(), Map.of())
                .history()
                .prometheusUrl())
        .hasToString("http://metrics:9090/prometheus");
  }

  @Test
  void commandLine_winsOverEnvironmentOverFile() {
    Map<String, String> environment =
        Map.of("SIDELIGHT_HTTP_PORT", "2", "SIDELIGHT_ALS_PORT", "2", "SIDELIGHT_PROBE_NODE", "x");
    ControllerSettings settings =
        settings(
            "http.port=1\nals.port=1\nhop.port = 1 \n",
            environment,
            Map.of(Setting.HTTP_PORT, "3"));
    assertThat(settings.http().port()).isEqualTo(3);
    assertThat(settings.als().port()).isEqualTo(2);
    assertThat(settings.hop().port()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    "als.socketPath, SIDELIGHT_ALS_SOCKET_PATH",
    "http.port, SIDELIGHT_HTTP_PORT",
    "correlator.maxPendingEnds, SIDELIGHT_CORRELATOR_MAX_PENDING_ENDS"
  })
  void environmentName_isInCapitals(String key, String expected) {
    assertThat(Setting.values())
        .filteredOn(setting -> setting.key().equals(key))
        .extracting(Setting::environmentName)
        .containsExactly(expected);
  }

  /** What would be less safe than it looks. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "hop.tls=files | hop.tls: files needs hop.tlsCertificateFile and hop.tlsKeyFile",
        "hop.tlsCertificateFile=/c\\nhop.tlsKeyFile=/k | hop.tls: off, though",
        "hop.tlsCertificateFile=/c\\nhop.tls=files | hop.tlsKeyFile: is needed",
        "als.tlsClientCaFile=/ca | als.tlsCertificateFile: is needed",
        "hop.host=0.0.0.0\\nhop.authentication=token-review | token-review is refused without TLS",
        "hop.authentication=token-review | hop.authentication: needs kubernetes.enabled=on",
        "hop.tls=self-made | hop.tls: needs kubernetes.enabled=on"
      })
  void halfOfASecurity_isRefused(String file, String message) {
    assertThatThrownBy(() -> settings(file.replace("\\n", "\n"), Map.of(), Map.of()))
        .isInstanceOf(SettingException.class)
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource({
    "http.port, 65536",
    "http.port, ''",
    "kubernetes.enabled, yes",
    "kubernetes.namespaceSelector, 'a=b,'",
    "kubernetes.namespaceSelector, 'a in b'",
    "als.port, x",
    "hop.host, a b",
    "als.socketMode, 0888",
    "als.eventLoops, 0",
    "correlator.windowSeconds, 0",
    "edges.maxEdges, -1",
    "overlay.kialiUrl, kiali:20001",
    "overlay.kialiUrl, http://",
    "overlay.kialiUrl, http://kiali:99999",
    "overlay.kialiUrl, http://kiali:20001/kiali",
    "overlay.kialiUrl, http://kiali?a=b",
    "overlay.kialiUrl, http://user:secret@kiali",
    "overlay.kialiUrl, ftp://kiali",
    "profile.maxTasks, 0",
    "profile.maxDurationSeconds, 86401",
    "profile.keepSeconds, -1",
    "profile.maxBytes, 1048575",
    "overlay.port, 65536",
    "overlay.maxGraphBytes, 0",
    "overlay.changeMillis, 0",
    "overlay.silenceSeconds, 3601",
    "history.maxBytes, 1048575",
    "history.prometheusUrl, prometheus:9090",
    "history.prometheusUrl, http://prometheus:9090/api?query=up",
    "metrics.maxResponses, 0",
    "metrics.keepSeconds, 59",
    "metrics.kialiExtension, yes",
    "metrics.istioCompatible, ''",
    "otlp.endpoint, collector:4318",
    "otlp.endpoint, http://",
    "otlp.endpoint, http://collector:99999",
    "otlp.endpoint, http://collector:4318?a=b",
    "otlp.endpoint, http://user:secret@collector",
    "otlp.endpoint, grpc://collector:4317",
    "otlp.headersFile, /nowhere/headers",
    "otlp.slowMillis, -1",
    "otlp.sampleRatio, 1.1",
    "otlp.sampleRatio, NaN",
    "otlp.sampleRatio, half",
    "otlp.sampledFlag, always",
    "otlp.maxPerSecond, 0",
    "als.maxStreamAgeSeconds, -1",
    "als.maxStreams, 0",
    "als.maxEntriesPerSecond, 0",
    "als.forwardedIdentity, yes",
    "hop.tls, on",
    "hop.authentication, token",
    "hop.tokenAudience, ''",
    "hop.serviceAccount, sidelight-probe",
    "hop.serviceAccount, A/b",
    "hop.maxStreams, 0",
    "hop.maxEndsPerSecond, 0"
  })
  void badValue_isNamedWithItsSourceAndTheWayOut(String key, String value) {
    assertThatThrownBy(() -> settings(key + "=" + value, Map.of(), Map.of()))
        .isInstanceOf(SettingException.class)
        .hasMessageStartingWith(key + ": \"" + value + "\" (file ")
        .hasMessageContaining("correct it, or leave it out for the default")
        .hasMessageNotContaining("\n");
  }

  @Test
  void token_isNeverTold() throws IOException {
    assertThat(settings("", Map.of(), Map.of()).token().isSet()).isFalse();
    ControllerSettings settings = settings("api.token=t0ken", Map.of(), Map.of());
    assertThat(settings.token().isSet()).isTrue();
    assertThat(settings.toString()).doesNotContain("t0ken");
    assertThatThrownBy(() -> settings("api.token=t0 ken", Map.of(), Map.of()))
        .isInstanceOf(SettingException.class)
        .hasMessageStartingWith("api.token: ")
        .hasMessageNotContaining("t0");
    Path file = Files.writeString(directory.resolve("token"), "");
    assertThatThrownBy(() -> settings("api.tokenFile=" + file, Map.of(), Map.of()))
        .isInstanceOf(SettingException.class)
        .hasMessageStartingWith("api.tokenFile: " + file);
    assertThatThrownBy(() -> settings("api.tokenFile=" + file + "x/y", Map.of(), Map.of()))
        .isInstanceOf(SettingException.class)
        .hasMessageStartingWith("api.tokenFile: " + file);
  }

  @Test
  void unknownKey_isNamed() {
    assertThatThrownBy(() -> settings("http.prot=1", Map.of(), Map.of()))
        .isInstanceOf(SettingException.class)
        .hasMessageStartingWith("http.prot: unknown (file ");
  }

  @Test
  void missingFile_isNamed() {
    Path missing = directory.resolve("missing.properties");
    assertThatThrownBy(() -> SettingSources.collect(missing, Map.of(), Map.of()))
        .isInstanceOf(SettingException.class)
        .hasMessageStartingWith("--config: cannot read " + missing);
  }

  @Test
  void istioCompatible_needsAMeshWithoutIstio() {
    assertThatThrownBy(() -> settings("metrics.istioCompatible=on", Map.of(), Map.of()))
        .isInstanceOf(SettingException.class)
        .hasMessageStartingWith("metrics.istioCompatible: refused without xds.meshFile");
    assertThat(istioCompatible("metrics.istioCompatible=on\nxds.meshFile=mesh.json")).isTrue();
    assertThat(istioCompatible("metrics.istioCompatible=force")).isTrue();
    assertThat(istioCompatible("")).isFalse();
  }

  @Test
  void traces_areOffUntilThereIsACollector() {
    assertThat(settings("otlp.sampleRatio=1", Map.of(), Map.of()).tracing()).isNull();
    TracingSettings tracing =
        settings("otlp.endpoint=https://collector:4318/otlp/", Map.of(), Map.of()).tracing();
    assertThat(tracing.tracesUrl()).hasToString("https://collector:4318/otlp/v1/traces");
    assertThat(tracing.slowNanos()).isEqualTo(500_000_000);
    assertThat(tracing.sampleRatio()).isZero();
    assertThat(tracing.sampledFlag()).isEqualTo(SampledFlag.IGNORE);
    assertThat(tracing.maxPerSecond()).isEqualTo(100);
    assertThat(tracing.headersFile()).isNull();
  }

  private boolean istioCompatible(String file) {
    return settings(file, Map.of(), Map.of()).metrics().istioCompatible();
  }

  @Test
  void document_isThisTable() throws IOException {
    StringBuilder table =
        new StringBuilder("| setting | environment | default | meaning |\n|---|---|---|---|\n");
    for (Setting setting : Setting.values()) {
      table.append(
          "| `%s` | `%s` | %s | %s |\n"
              .formatted(
                  setting.key(),
                  setting.environmentName(),
                  setting.defaultValue().isEmpty() ? "" : "`" + setting.defaultValue() + "`",
                  setting.meaning()));
    }
    assertThat(Files.readString(Path.of("SETTINGS.md"))).contains(table);
  }

  private ControllerSettings settings(
      String file, Map<String, String> environment, Map<Setting, String> commandLine) {
    try {
      Path path = Files.writeString(directory.resolve("controller.properties"), file);
      return ControllerSettings.of(SettingSources.collect(path, environment, commandLine));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
