/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller;

import dev.sidelight.controller.edges.EdgeWindow;
import dev.sidelight.controller.history.HistorySettings;
import dev.sidelight.controller.istio.AccessLogMode;
import dev.sidelight.controller.istio.IstioSettings;
import dev.sidelight.controller.metrics.MetricsSettings;
import dev.sidelight.controller.overlay.OverlaySettings;
import dev.sidelight.controller.profile.ProfileSettings;
import dev.sidelight.controller.tracing.SampledFlag;
import dev.sidelight.controller.tracing.TracingSettings;
import dev.sidelight.controller.web.ApiToken;
import dev.sidelight.correlator.CorrelatorSettings;
import java.net.URI;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The controller's settings, checked. Paths are null where the setting is empty.
 *
 * @param http page, API and metrics
 * @param als ALS and xDS over TCP
 * @param alsSocketPath ALS and xDS over a Unix socket
 * @param alsSocketMode permissions of that socket
 * @param alsEventLoops event loops that decode access logs
 * @param alsSecurity how it is guarded
 * @param hop the probes' records
 * @param hopSecurity how they are guarded
 * @param meshFile what xDS serves
 * @param kubernetes the cluster's API; null where it is not asked
 * @param istio what Istio is told; null where the Kubernetes API is not asked
 * @param correlator bounds of the correlator
 * @param queueCapacity records between the ingests and the correlator
 * @param metrics bounds of /metrics; its edges are the API's as well
 * @param history bounds of the last hour, and who has more
 * @param tcpSeries bounds of what connections carried
 * @param token what a client must show to change something
 * @param profiles bounds of profiles
 * @param overlay the proxy before a Kiali; null where there is none
 * @param tracing the export of traces; null where there is none
 */
record ControllerSettings(
    ListenAddress http,
    ListenAddress als,
    Path alsSocketPath,
    int alsSocketMode,
    int alsEventLoops,
    AlsSecurity alsSecurity,
    ListenAddress hop,
    HopSecurity hopSecurity,
    Path meshFile,
    KubernetesSettings kubernetes,
    IstioSettings istio,
    CorrelatorSettings correlator,
    int queueCapacity,
    MetricsSettings metrics,
    HistorySettings history,
    TcpSeriesBounds tcpSeries,
    ApiToken token,
    ProfileSettings profiles,
    OverlaySettings overlay,
    TracingSettings tracing,
    int drainSeconds) {

  /** Of the Service, whatever the port is that the process listens on. */
  private static final int ALS_SERVICE_PORT = 8091;

  private static final String ON = "on";
  private static final String OFF = "off";
  private static final String FORCE = "force";

  /**
   * Where a server listens.
   *
   * @param host address or name
   * @param port 0 takes a free one
   */
  record ListenAddress(String host, int port) {

    /** Whether this machine alone can reach it; no name but localhost is looked up. */
    boolean isLoopback() {
      return host.equals("localhost") || host.equals("::1") || host.matches("127(\\.\\d{1,3}){3}");
    }
  }

  /**
   * What is asked of the cluster's API.
   *
   * @param namespaceSelector label selector of the observed namespaces; empty: all
   */
  record KubernetesSettings(String namespaceSelector) {}

  /**
   * Bounds of sidelight_workload_tcp_*.
   *
   * @param max label sets in all
   * @param maxPerProbe those that one probe may bring
   * @param keepNanos how long one is kept that does not grow
   */
  record TcpSeriesBounds(int max, int maxPerProbe, long keepNanos) {}

  /**
   * Checks every value.
   *
   * @throws SettingException on the first that is wrong
   */
  static ControllerSettings of(Map<Setting, ConfiguredValue> configured) {
    SettingValues values = new SettingValues(configured);
    ListenAddress hop = values.listenAddress(Setting.HOP_HOST, Setting.HOP_PORT);
    AlsSecurity alsSecurity = AlsSecurity.of(values);
    KubernetesSettings kubernetes = kubernetes(values);
    return new ControllerSettings(
        values.listenAddress(Setting.HTTP_HOST, Setting.HTTP_PORT),
        values.listenAddress(Setting.ALS_HOST, Setting.ALS_PORT),
        values.path(Setting.ALS_SOCKET_PATH),
        values.fileMode(Setting.ALS_SOCKET_MODE),
        values.integer(Setting.ALS_EVENT_LOOPS, 1, 64),
        alsSecurity,
        hop,
        HopSecurity.of(values, hop),
        values.path(Setting.XDS_MESH_FILE),
        kubernetes,
        istio(values, kubernetes, alsSecurity),
        new CorrelatorSettings(
            TimeUnit.SECONDS.toNanos(values.integer(Setting.CORRELATOR_WINDOW_SECONDS, 1, 600)),
            values.integer(Setting.CORRELATOR_MAX_PENDING_ENTRIES, 1, 100_000_000),
            values.integer(Setting.CORRELATOR_MAX_PENDING_ENDS, 1, 100_000_000)),
        values.integer(Setting.CORRELATOR_QUEUE_CAPACITY, 16, 100_000_000),
        metrics(values),
        new HistorySettings(
            values.integer(Setting.HISTORY_MAX_BYTES, 1 << 20, Integer.MAX_VALUE),
            values.baseUrl(Setting.HISTORY_PROMETHEUS_URL)),
        new TcpSeriesBounds(
            values.integer(Setting.TCP_MAX_SERIES, 1, 1_000_000),
            values.integer(Setting.TCP_MAX_SERIES_PER_PROBE, 1, 1_000_000),
            TimeUnit.SECONDS.toNanos(keepSeconds(values))),
        values.token(Setting.API_TOKEN, Setting.API_TOKEN_FILE),
        profiles(values),
        overlay(values),
        tracing(values),
        values.integer(Setting.STOP_DRAIN_SECONDS, 0, 600));
  }

  private static KubernetesSettings kubernetes(SettingValues values) {
    boolean enabled = values.oneOf(Setting.KUBERNETES_ENABLED, ON, OFF).equals(ON);
    String selector = values.labelSelector(Setting.KUBERNETES_NAMESPACE_SELECTOR);
    return enabled ? new KubernetesSettings(selector) : null;
  }

  private static IstioSettings istio(
      SettingValues values, KubernetesSettings kubernetes, AlsSecurity alsSecurity) {
    IstioSettings istio =
        new IstioSettings(
            AccessLogMode.valueOf(
                values
                    .oneOf(Setting.ISTIO_ACCESS_LOGS, "off", "telemetry", "full")
                    .toUpperCase(Locale.ROOT)),
            values.name(Setting.ISTIO_ROOT_NAMESPACE),
            values.name(Setting.ISTIO_CONFIG_MAP),
            kubernetes == null ? "" : kubernetes.namespaceSelector(),
            values.serviceHost(Setting.ISTIO_CONTROLLER_HOST),
            ALS_SERVICE_PORT,
            alsSecurity.certificate() != null,
            IstioSettings.CONTROLLER);
    return kubernetes == null ? null : istio;
  }

  private static OverlaySettings overlay(SettingValues values) {
    URI kialiUrl = values.serverUrl(Setting.OVERLAY_KIALI_URL);
    ListenAddress address = values.listenAddress(Setting.OVERLAY_HOST, Setting.OVERLAY_PORT);
    OverlaySettings overlay =
        new OverlaySettings(
            address.host(),
            address.port(),
            kialiUrl,
            values.integer(Setting.OVERLAY_MAX_GRAPH_BYTES, 1, 256 << 20),
            values.integer(Setting.OVERLAY_CHANGE_MILLIS, 1, 600_000),
            TimeUnit.SECONDS.toMillis(values.integer(Setting.OVERLAY_SILENCE_SECONDS, 1, 3600)),
            EdgeWindow.MAX_WINDOW_SECONDS);
    return kialiUrl == null ? null : overlay;
  }

  private static ProfileSettings profiles(SettingValues values) {
    return new ProfileSettings(
        values.integer(Setting.PROFILE_MAX_TASKS, 1, 1_000),
        values.integer(Setting.PROFILE_MAX_DURATION_SECONDS, 1, 86_400),
        values.integer(Setting.PROFILE_MAX_ENDED, 0, 1_000),
        values.integer(Setting.PROFILE_KEEP_SECONDS, 0, 604_800),
        values.integer(Setting.PROFILE_MAX_INTERVALS, 1, 100_000),
        values.integer(Setting.PROFILE_MAX_LINES, 1, 10_000),
        values.integer(Setting.PROFILE_MAX_SAMPLES, 0, 100_000),
        values.integer(Setting.PROFILE_MAX_BYTES, 1 << 20, Integer.MAX_VALUE));
  }

  private static TracingSettings tracing(SettingValues values) {
    URI endpoint = values.baseUrl(Setting.OTLP_ENDPOINT);
    Path headersFile = values.readableFile(Setting.OTLP_HEADERS_FILE);
    long slowNanos =
        TimeUnit.MILLISECONDS.toNanos(values.integer(Setting.OTLP_SLOW_MILLIS, 0, 3_600_000));
    double sampleRatio = values.ratio(Setting.OTLP_SAMPLE_RATIO);
    SampledFlag sampledFlag =
        SampledFlag.valueOf(
            values
                .oneOf(Setting.OTLP_SAMPLED_FLAG, "ignore", "drop", "follow")
                .toUpperCase(Locale.ROOT));
    int maxPerSecond = values.integer(Setting.OTLP_MAX_PER_SECOND, 1, 100_000);
    return endpoint == null
        ? null
        : new TracingSettings(
            URI.create(endpoint.toString().replaceAll("/+$", "") + "/v1/traces"),
            headersFile,
            slowNanos,
            sampleRatio,
            sampledFlag,
            maxPerSecond);
  }

  private static MetricsSettings metrics(SettingValues values) {
    return new MetricsSettings(
        values.integer(Setting.EDGES_MAX_EDGES, 1, 1_000_000),
        values.integer(Setting.METRICS_MAX_RESPONSES, 1, 1_000),
        values.integer(Setting.METRICS_MAX_SIDECARS, 1, 1_000_000),
        TimeUnit.SECONDS.toMillis(keepSeconds(values)),
        values.oneOf(Setting.METRICS_KIALI_EXTENSION, ON, OFF).equals(ON),
        istioCompatible(values));
  }

  private static int keepSeconds(SettingValues values) {
    return values.integer(Setting.METRICS_KEEP_SECONDS, 60, 31_536_000);
  }

  /** Beside Istio's own metrics every call would be there twice. */
  private static boolean istioCompatible(SettingValues values) {
    String value = values.oneOf(Setting.METRICS_ISTIO_COMPATIBLE, ON, OFF, FORCE);
    if (value.equals(ON) && values.path(Setting.XDS_MESH_FILE) == null) {
      throw new SettingException(
          Setting.METRICS_ISTIO_COMPATIBLE.key()
              + ": refused without "
              + Setting.XDS_MESH_FILE.key()
              + ", since another control plane's proxies may expose istio_* themselves and every"
              + " call would count twice; where they do not, say "
              + FORCE);
    }
    return !value.equals(OFF);
  }
}
