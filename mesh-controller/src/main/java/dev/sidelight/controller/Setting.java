/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller;

import java.util.Locale;

/**
 * Every setting of the controller: its name in a file and on the command line, its default, what it
 * means. SETTINGS.md is this table.
 */
enum Setting {
  HTTP_HOST("http.host", "127.0.0.1", "address that the page, the API and /metrics listen on"),
  HTTP_PORT("http.port", "8090", "their port; 0 takes a free one"),
  ALS_HOST("als.host", "127.0.0.1", "address that ALS and xDS listen on"),
  ALS_PORT("als.port", "8091", "their port; 0 takes a free one, with one event loop"),
  ALS_SOCKET_PATH(
      "als.socketPath",
      "",
      "Unix socket on which ALS and xDS are served as well, for Envoys on this machine; empty:"
          + " none"),
  ALS_SOCKET_MODE("als.socketMode", "0660", "permissions of that socket, octal"),
  ALS_EVENT_LOOPS(
      "als.eventLoops",
      "2",
      "event loops that decode access logs, 1 to 64; connections are spread"),
  ALS_MAX_STREAM_AGE_SECONDS(
      "als.maxStreamAgeSeconds",
      "0",
      "age, give or take a tenth, at which a stream of access logs is ended, so that Envoys spread anew; what is on its way is still taken; 0: none"),
  ALS_MAX_STREAMS(
      "als.maxStreams",
      "20000",
      "streams of access logs that are open at once, one a worker of an Envoy; others are refused"),
  ALS_MAX_ENTRIES_PER_SECOND(
      "als.maxEntriesPerSecond",
      "50000",
      "entries a second that one stream may bring, ten seconds' worth at once; others are refused"),
  ALS_TLS_CERTIFICATE_FILE(
      "als.tlsCertificateFile",
      "",
      "PEM chain that ALS and xDS are served with over TCP, looked at again every 10 s; empty: no TLS"),
  ALS_TLS_KEY_FILE("als.tlsKeyFile", "", "PEM key of that certificate"),
  ALS_TLS_CLIENT_CA_FILE(
      "als.tlsClientCaFile",
      "",
      "PEM authorities of Envoys' certificates; with it an Envoy must show one, whose SPIFFE identity must be its pod's; empty: anybody"),
  ALS_FORWARDED_IDENTITY(
      "als.forwardedIdentity",
      "off",
      "on or off: the same check by the header x-forwarded-client-cert of this pod's own sidecar, which ends the mesh's TLS and connects from loopback"),
  HOP_HOST("hop.host", "127.0.0.1", "address that the probes' records are taken on"),
  HOP_PORT("hop.port", "8092", "its port; 0 takes a free one"),
  HOP_TLS(
      "hop.tls",
      "off",
      "off; files, the two below; self-made, those of the Secret sidelight-controller-tls, which is filled where it is empty, with the authority in the ConfigMap sidelight-ca, unless both files below are there"),
  HOP_TLS_CERTIFICATE_FILE(
      "hop.tlsCertificateFile", "", "PEM chain for the probes, looked at again every 10 s"),
  HOP_TLS_KEY_FILE("hop.tlsKeyFile", "", "PEM key of that certificate"),
  HOP_AUTHENTICATION(
      "hop.authentication",
      "none",
      "none; token-review, a probe must show its ServiceAccount's token, and may tell of the pods of its own node alone"),
  HOP_TOKEN_AUDIENCE("hop.tokenAudience", "sidelight", "audience that such a token must be for"),
  HOP_SERVICE_ACCOUNT(
      "hop.serviceAccount",
      "istio-system/sidelight-probe",
      "NAMESPACE/NAME of the probes' ServiceAccount"),
  HOP_MAX_STREAMS(
      "hop.maxStreams", "10000", "streams of probes that are open at once; others are refused"),
  HOP_MAX_ENDS_PER_SECOND(
      "hop.maxEndsPerSecond",
      "200000",
      "exchange ends a second that one probe may bring, ten seconds' worth at once; others are refused"),
  XDS_MESH_FILE(
      "xds.meshFile",
      "",
      "mesh description (JSON) that xDS serves and watches, where there is no Istio; empty: no"
          + " xDS"),
  KUBERNETES_ENABLED(
      "kubernetes.enabled",
      "off",
      "on or off: pods, services and nodes from the Kubernetes API, as KUBECONFIG or the pod's ServiceAccount leads there"),
  KUBERNETES_NAMESPACE_SELECTOR(
      "kubernetes.namespaceSelector",
      "",
      "labels of the namespaces that are observed, like sidelight=on; empty: all"),
  ISTIO_ROOT_NAMESPACE(
      "istio.rootNamespace",
      "istio-system",
      "Istio's root namespace, whose objects hold for the whole mesh and which has its MeshConfig"),
  ISTIO_CONFIG_MAP(
      "istio.configMap",
      "istio",
      "the ConfigMap there that is MeshConfig; with a revision istio-REVISION"),
  ISTIO_CONTROLLER_HOST(
      "istio.controllerHost",
      "sidelight-controller.istio-system.svc.cluster.local",
      "this controller's Service, as proxies call it"),
  ISTIO_ACCESS_LOGS(
      "istio.accessLogs",
      "off",
      "what the controller writes for proxies to send access logs: full, an EnvoyFilter that tells all; telemetry, a Telemetry, without the wait for a connection and without attempts; off, nothing"),
  CORRELATOR_WINDOW_SECONDS(
      "correlator.windowSeconds",
      "10",
      "how long a record waits for the rest of its call, 1 to 600 seconds"),
  CORRELATOR_MAX_PENDING_ENTRIES(
      "correlator.maxPendingEntries",
      "400000",
      "access log entries held at most, 10 s at 20,000 requests/s; the oldest go first, counted"),
  CORRELATOR_MAX_PENDING_ENDS(
      "correlator.maxPendingEnds",
      "1200000",
      "exchange ends held at most, 10 s at 20,000 requests/s; the oldest go first, counted"),
  CORRELATOR_QUEUE_CAPACITY(
      "correlator.queueCapacity",
      "65536",
      "records between the ingests and the correlator's thread; what overflows is counted"),
  EDGES_MAX_EDGES(
      "edges.maxEdges",
      "2000",
      "edges kept apart in the API and in /metrics; calls on others are counted as one edge"),
  HISTORY_MAX_BYTES(
      "history.maxBytes",
      "268435456",
      "heap that the last hour of all edges takes, but never more than a quarter of it all; the oldest minutes go first, counted"),
  HISTORY_PROMETHEUS_URL(
      "history.prometheusUrl",
      "",
      "the Prometheus that scrapes this controller, like http://127.0.0.1:9090, asked for what is older than an hour; empty: none"),
  TCP_MAX_SERIES(
      "tcp.maxSeries",
      "1000",
      "label sets of sidelight_workload_tcp_* kept apart, each up to 240 samples; others are"
          + " counted as one"),
  TCP_MAX_SERIES_PER_PROBE(
      "tcp.maxSeriesPerProbe", "500", "those of them that the probe of one node may bring"),
  API_TOKEN(
      "api.token",
      "",
      "what POST and DELETE need as Authorization: Bearer; a command line shows it to others of the"
          + " machine, so rather use the file; empty: nothing"),
  API_TOKEN_FILE(
      "api.tokenFile",
      "",
      "file that holds it, which wins over api.token and is read again at each use; while its"
          + " directory lacks it nobody may; empty: none"),
  PROFILE_MAX_TASKS("profile.maxTasks", "20", "profiles that run at once, 1 to 1000"),
  PROFILE_MAX_DURATION_SECONDS(
      "profile.maxDurationSeconds", "900", "how long one may last, 1 to 86400 seconds"),
  PROFILE_MAX_ENDED(
      "profile.maxEnded", "50", "profiles that are kept when they have ended, 0 to 1000"),
  PROFILE_KEEP_SECONDS(
      "profile.keepSeconds", "3600", "how long they are kept, 0 to 604800 seconds"),
  PROFILE_MAX_INTERVALS(
      "profile.maxIntervals",
      "900",
      "intervals of a profile whose course is kept, 1 to 100000; of older ones the sums are"),
  PROFILE_MAX_LINES(
      "profile.maxLines",
      "200",
      "lines of a profile's topology, 1 to 10000; other connections are drawn to one remote"),
  PROFILE_MAX_SAMPLES(
      "profile.maxSamples", "500", "sampled exchanges of a profile, 0 to 100000; the oldest go"),
  PROFILE_MAX_BYTES(
      "profile.maxBytes",
      "67108864",
      "heap of all profiles, estimated, from 1048576; ended profiles go first, then the oldest"
          + " intervals"),
  OVERLAY_KIALI_URL(
      "overlay.kialiUrl",
      "",
      "the Kiali whose graphs gain the sidecars, like http://127.0.0.1:20001; empty: no overlay"),
  OVERLAY_HOST("overlay.host", "127.0.0.1", "address that the overlay listens on"),
  OVERLAY_PORT("overlay.port", "8093", "its port; 0 takes a free one"),
  OVERLAY_MAX_GRAPH_BYTES(
      "overlay.maxGraphBytes",
      "8388608",
      "longest graph that is changed, sent or decoded; up to four are held at once"),
  OVERLAY_CHANGE_MILLIS(
      "overlay.changeMillis",
      "10000",
      "time from a graph's head to its changed end, 1 to 600000; what takes longer passes as it"
          + " is"),
  OVERLAY_SILENCE_SECONDS(
      "overlay.silenceSeconds",
      "120",
      "how long Kiali may send nothing before the overlay answers 504, 1 to 3600 seconds"),
  METRICS_MAX_RESPONSES(
      "metrics.maxResponses",
      "64",
      "kinds of response (code and flags) kept apart in /metrics an edge, 1 to 1000; others are"
          + " counted as one"),
  METRICS_MAX_SIDECARS(
      "metrics.maxSidecars",
      "2000",
      "workloads whose sidecars are kept apart in /metrics; others are counted as one"),
  METRICS_KEEP_SECONDS(
      "metrics.keepSeconds",
      "3600",
      "edges and sidecars without a call, and connections that carry nothing, for so long leave"
          + " /metrics, 60 to 31536000 seconds"),
  METRICS_KIALI_EXTENSION(
      "metrics.kialiExtension",
      "on",
      "on or off: kiali_ext_*, which a Kiali draws once its own settings name the extension"
          + " sidelight"),
  METRICS_ISTIO_COMPATIBLE(
      "metrics.istioCompatible",
      "off",
      "on or off: istio_*, for a mesh whose proxies expose none; on needs xds.meshFile, force does"
          + " not"),
  STOP_DRAIN_SECONDS(
      "stop.drainSeconds",
      "0",
      "on SIGTERM: no record is taken any more, the calls that wait are told as they are, and where"
          + " /metrics is scraped the controller stays for one more scrape, so long at most, 0 to"
          + " 600; 0: it stops at once"),
  OTLP_ENDPOINT(
      "otlp.endpoint",
      "",
      "where traces go (TRACING.md): an OTLP collector over HTTP, like http://127.0.0.1:4318, to whose path /v1/traces is added; empty: none"),
  OTLP_HEADERS_FILE(
      "otlp.headersFile",
      "",
      "headers for the collector, its token among them: a file of NAME=VALUE lines, read anew for each request; empty: none"),
  OTLP_SLOW_MILLIS(
      "otlp.slowMillis",
      "500",
      "calls that take so long are exported, 1 to 3600000; 0: none is for its length"),
  OTLP_SAMPLE_RATIO(
      "otlp.sampleRatio",
      "0",
      "share of the traces that is exported whatever their calls take, 0 to 1"),
  OTLP_SAMPLED_FLAG(
      "otlp.sampledFlag",
      "ignore",
      "what a traceparent's sampled flag decides: ignore; drop, calls that say no are not exported; follow, and those that say yes are"),
  OTLP_MAX_PER_SECOND(
      "otlp.maxPerSecond",
      "100",
      "calls exported a second at most, 1 to 100000; others are counted");

  private final String key;
  private final String defaultValue;
  private final String meaning;

  Setting(String key, String defaultValue, String meaning) {
    this.key = key;
    this.defaultValue = defaultValue;
    this.meaning = meaning;
  }

  /** Name in a file, and after two dashes on the command line. */
  String key() {
    return key;
  }

  /** Name in the environment: {@code als.socketPath} is SIDELIGHT_ALS_SOCKET_PATH. */
  String environmentName() {
    String words = key.replaceAll("([a-z0-9])([A-Z])", "$1_$2").replace('.', '_');
    return "SIDELIGHT_" + words.toUpperCase(Locale.ROOT);
  }

  String defaultValue() {
    return defaultValue;
  }

  String meaning() {
    return meaning;
  }
}
