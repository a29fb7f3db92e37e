/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe;

/**
 * Every setting, with its default and what it is for; the table in README.md is compared with this.
 */
enum Setting {
  NODE_NAME("probe.nodeName", "", "Name of the node; empty: the machine's host name."),
  PROC_PATH("probe.procPath", "/proc", "Where the node's /proc is mounted."),
  RING_BYTES(
      "probe.ringBytes",
      "8388608",
      "Size of the ring buffer between kernel and probe; a power of two, 4096 to 1073741824."),
  CONSUME_MILLIS(
      "probe.consumeMillis", "10", "Time between two looks into the ring buffer, 1 to 1000."),
  IDLE_FLUSH_MILLIS(
      "probe.idleFlushMillis",
      "200",
      "Age at which a complete exchange on an idle connection is sent, and time between two looks for"
          + " such, 10 to 60000."),
  PAIR_HOLD_MILLIS(
      "probe.pairHoldMillis", "300", "How long one end of a hop waits for the other, 0 to 60000."),
  REQUEST_PREFIX_BYTES(
      "probe.requestPrefixBytes",
      "1024",
      "Bytes of a request's head that are searched for the request id, 0 to 1024."),
  POD_SCAN_MILLIS("pods.scanMillis", "250", "Time between two looks for pods, 10 to 60000."),
  ENVOY_EXECUTABLES(
      "pods.envoyExecutables",
      "envoy",
      "File names, separated by commas, of executables that make their network namespace a pod to watch."),
  ENVOY_UIDS(
      "pods.envoyUids",
      "1337",
      "User ids, separated by commas, that such an executable must run as to be a sidecar (1337 is"
          + " Istio's); empty: any."),
  POD_REGISTRY(
      "pods.registry",
      "none",
      "Where the names of pods come from: none, kubernetes (the API; probe.nodeName must be the node's"
          + " name there), or file:PATH (a JSON file)."),
  POD_KUBECONFIG(
      "pods.kubeconfig",
      "",
      "Kubeconfig by which pods.registry=kubernetes reaches the API; empty: the pod's service account."),
  CONTROLLER_HOST("controller.host", "127.0.0.1", "Host of the controller."),
  CONTROLLER_HOP_PORT("controller.hopPort", "8092", "Port of the controller's hop ingest."),
  CONTROLLER_CA_FILE(
      "controller.tlsCaFile",
      "",
      "Certificates, in PEM, one of which has signed the controller's; read again for each call. Empty:"
          + " no TLS."),
  CONTROLLER_SERVER_NAME(
      "controller.tlsServerName",
      "",
      "Name that the controller's certificate must have; empty: controller.host."),
  CONTROLLER_TOKEN_FILE(
      "controller.tokenFile",
      "",
      "Token that each call brings, a projected one of the pod's service account; read again for each"
          + " call. Takes TLS. Empty: none."),
  BATCH_MILLIS("export.batchMillis", "50", "Time between two batches, 10 to 10000."),
  QUEUE_ENDS(
      "export.queueEnds",
      "50000",
      "Ends that wait at the most while the controller is away (about 250 bytes each); the oldest are"
          + " dropped first. 1 to 10000000."),
  READ_TIMING(
      "probe.readTiming",
      "auto",
      "How the time of a read is taken: auto, where the kernel lets a function's entry be hooked;"
          + " syscalls, else by a hook at every system call of the node; off."),
  OPENSSL(
      "probe.openssl",
      "on",
      "Whether the OpenSSLs of pods are looked into, by uprobes that every user of the same library"
          + " file pays for: on or off."),
  REPORT_MILLIS(
      "transport.reportMillis",
      "5000",
      "Time between two looks at what open connections carry, 50 to 60000."),
  SERIES_MAX(
      "transport.seriesMax",
      "2000",
      "Series of connections in the metrics; what goes over is merged, 1 to 1000000."),
  PROFILE_TASKS(
      "profile.maxTasks",
      "4",
      "Tasks, each for one pod, that the controller may have run at once, 0 to 100."),
  PROFILE_SECONDS("profile.maxSeconds", "900", "How long a task may last, 1 to 86400."),
  PROFILE_CONNECTIONS(
      "profile.maxConnections",
      "500",
      "Connections that a report of a task tells, the busiest; what goes over is counted, 1 to 5000."),
  PROFILE_SAMPLES(
      "profile.maxSamples",
      "50",
      "Exchanges of a task that are told singly in a second, whatever it asks for, 0 to 1000."),
  METRICS_HOST("metrics.host", "127.0.0.1", "Address that /metrics and /healthz are served on."),
  METRICS_PORT(
      "metrics.port", "8094", "Port that /metrics and /healthz are served on; 0: any free one.");

  private final String key;
  private final String defaultValue;
  private final String description;

  Setting(String key, String defaultValue, String description) {
    this.key = key;
    this.defaultValue = defaultValue;
    this.description = description;
  }

  String key() {
    return key;
  }

  String defaultValue() {
    return defaultValue;
  }

  String description() {
    return description;
  }

  /** controller.hopPort is SIDELIGHT_CONTROLLER_HOP_PORT. */
  String environmentName() {
    return "SIDELIGHT_"
        + key.replaceAll("([A-Z])", "_$1").replace('.', '_').toUpperCase(java.util.Locale.ROOT);
  }
}
