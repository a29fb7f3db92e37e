/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe;

import dev.sidelight.probe.bpf.ReadTiming;
import dev.sidelight.probe.bpf.TracerSettings;
import dev.sidelight.probe.export.CallSecurity;
import dev.sidelight.probe.export.UploadSettings;
import dev.sidelight.probe.pod.EnvoyIdentity;
import dev.sidelight.probe.pod.RegistrySettings;
import dev.sidelight.probe.profile.ProfileSettings;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * The settings, checked.
 *
 * @param nodeName names the node
 * @param procPath the node's /proc
 * @param consumeMillis between two looks into the ring
 * @param idleFlushMillis between two looks for idle connections
 * @param pairHoldNanos how long an end waits for its peer
 * @param podScanMillis between two looks for pods
 * @param envoys which processes are Envoys
 * @param registry where names of pods come from
 * @param tracer the object's part
 * @param upload the exporter's part
 * @param openssl whether OpenSSL is looked into
 * @param reportMillis between two passes over open connections
 * @param seriesMax how many series of connections there may be
 * @param profile what tasks may ask for
 * @param metricsHost address of /metrics and /healthz
 * @param metricsPort its port
 */
record ProbeSettings(
    String nodeName,
    Path procPath,
    int consumeMillis,
    int idleFlushMillis,
    long pairHoldNanos,
    int podScanMillis,
    EnvoyIdentity envoys,
    RegistrySettings registry,
    TracerSettings tracer,
    UploadSettings upload,
    boolean openssl,
    int reportMillis,
    int seriesMax,
    ProfileSettings profile,
    String metricsHost,
    int metricsPort) {
  private static final int PORT_MAX = 65535;
  private static final int MINUTE_MILLIS = 60_000;
  private static final String FILE_REGISTRY = "file:";
  private static final int RESPONSE_PREFIX_BYTES = 256;

  /**
   * Checks them.
   *
   * @throws SettingException for the first that cannot be used
   */
  static ProbeSettings of(SettingSources sources) {
    int idleFlushMillis = sources.integer(Setting.IDLE_FLUSH_MILLIS, 10, MINUTE_MILLIS);
    return new ProbeSettings(
        nodeName(sources),
        Path.of(sources.text(Setting.PROC_PATH)),
        sources.integer(Setting.CONSUME_MILLIS, 1, 1000),
        idleFlushMillis,
        TimeUnit.MILLISECONDS.toNanos(sources.integer(Setting.PAIR_HOLD_MILLIS, 0, MINUTE_MILLIS)),
        sources.integer(Setting.POD_SCAN_MILLIS, 10, MINUTE_MILLIS),
        new EnvoyIdentity(
            Set.of(sources.text(Setting.ENVOY_EXECUTABLES).trim().split("\\s*,\\s*", -1)),
            envoyUids(sources)),
        registry(sources),
        new TracerSettings(
            ringBytes(sources),
            TimeUnit.MILLISECONDS.toNanos(idleFlushMillis),
            sources.integer(Setting.REQUEST_PREFIX_BYTES, 0, 1024),
            RESPONSE_PREFIX_BYTES,
            readTiming(sources),
            0),
        upload(sources),
        openssl(sources),
        sources.integer(Setting.REPORT_MILLIS, 50, MINUTE_MILLIS),
        sources.integer(Setting.SERIES_MAX, 1, 1_000_000),
        profile(sources),
        sources.text(Setting.METRICS_HOST),
        sources.integer(Setting.METRICS_PORT, 0, PORT_MAX));
  }

  private static Set<Integer> envoyUids(SettingSources sources) {
    String text = sources.text(Setting.ENVOY_UIDS).trim();
    if (text.isEmpty()) {
      return Set.of();
    }
    try {
      return Arrays.stream(text.split("\\s*,\\s*", -1))
          .map(Integer::parseUnsignedInt)
          .collect(Collectors.toUnmodifiableSet());
    } catch (NumberFormatException e) {
      throw sources.refusal(
          Setting.ENVOY_UIDS, "must be whole numbers separated by commas, 1337 for example");
    }
  }

  private static RegistrySettings registry(SettingSources sources) {
    String text = sources.text(Setting.POD_REGISTRY).trim();
    Path file = null;
    RegistrySettings.Source source;
    if (text.startsWith(FILE_REGISTRY) && text.length() > FILE_REGISTRY.length()) {
      source = RegistrySettings.Source.FILE;
      file = Path.of(text.substring(FILE_REGISTRY.length()));
    } else if (text.equals("none") || text.equals("kubernetes")) {
      source = RegistrySettings.Source.valueOf(text.toUpperCase(Locale.ROOT));
    } else {
      throw sources.refusal(Setting.POD_REGISTRY, "must be none, kubernetes or file:PATH");
    }
    return new RegistrySettings(
        source, file, path(sources, Setting.POD_KUBECONFIG), nodeName(sources));
  }

  private static ReadTiming readTiming(SettingSources sources) {
    for (ReadTiming timing : ReadTiming.values()) {
      if (timing.label().equals(sources.text(Setting.READ_TIMING).trim())) {
        return timing;
      }
    }
    throw sources.refusal(Setting.READ_TIMING, "must be auto, syscalls or off");
  }

  private static boolean openssl(SettingSources sources) {
    return switch (sources.text(Setting.OPENSSL).trim()) {
      case "on" -> true;
      case "off" -> false;
      default -> throw sources.refusal(Setting.OPENSSL, "must be on or off");
    };
  }

  private static UploadSettings upload(SettingSources sources) {
    return new UploadSettings(
        sources.text(Setting.CONTROLLER_HOST),
        sources.integer(Setting.CONTROLLER_HOP_PORT, 1, PORT_MAX),
        security(sources),
        sources.integer(Setting.BATCH_MILLIS, 10, 10_000),
        sources.integer(Setting.QUEUE_ENDS, 1, 10_000_000));
  }

  private static CallSecurity security(SettingSources sources) {
    Path caFile = path(sources, Setting.CONTROLLER_CA_FILE);
    Path tokenFile = path(sources, Setting.CONTROLLER_TOKEN_FILE);
    if (tokenFile != null && caFile == null) {
      throw sources.refusal(
          Setting.CONTROLLER_TOKEN_FILE,
          "takes controller.tlsCaFile: without TLS everyone on the way could read the token");
    }
    return new CallSecurity(caFile, sources.text(Setting.CONTROLLER_SERVER_NAME).trim(), tokenFile);
  }

  /** Null where it is empty. */
  private static Path path(SettingSources sources, Setting setting) {
    String text = sources.text(setting).trim();
    return text.isEmpty() ? null : Path.of(text);
  }

  private static ProfileSettings profile(SettingSources sources) {
    return new ProfileSettings(
        sources.integer(Setting.PROFILE_TASKS, 0, 100),
        sources.integer(Setting.PROFILE_SECONDS, 1, 86_400),
        sources.integer(Setting.PROFILE_CONNECTIONS, 1, 5000),
        sources.integer(Setting.PROFILE_SAMPLES, 0, 1000));
  }

  private static int ringBytes(SettingSources sources) {
    int bytes = sources.integer(Setting.RING_BYTES, 4096, 1 << 30);
    if (Integer.bitCount(bytes) != 1) {
      throw sources.refusal(Setting.RING_BYTES, "must be a power of two, 8388608 for example");
    }
    return bytes;
  }

  private static String nodeName(SettingSources sources) {
    String name = sources.text(Setting.NODE_NAME).trim();
    if (!name.isEmpty()) {
      return name;
    }
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      throw sources.refusal(
          Setting.NODE_NAME, "must be set here, since this machine's host name cannot be resolved");
    }
  }
}
