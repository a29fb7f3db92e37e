/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller;

import dev.sidelight.controller.metrics.TlsMetrics;
import dev.sidelight.controller.tls.CertificateEvents;
import dev.sidelight.controller.tls.CertificateFiles;
import dev.sidelight.controller.tls.CertificateRefusedException;
import dev.sidelight.controller.tls.CertificateSource;
import dev.sidelight.controller.tls.SelfMadeCertificate;
import dev.sidelight.controller.tls.ServingCertificate;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The certificates of both ingests, counted and said. */
final class IngestCertificates {

  private static final Logger logger = LoggerFactory.getLogger(IngestCertificates.class);

  // deps
  private final TlsMetrics metrics;
  private final RefusalLog log;

  // state
  private final ServingCertificate als;
  private final ServingCertificate hop;

  /**
   * Reads them.
   *
   * @param kubernetes null where no certificate is self-made
   * @throws SettingException where one that is wanted is not there
   */
  IngestCertificates(
      ControllerSettings settings,
      KubernetesClient kubernetes,
      TlsMetrics metrics,
      RefusalLog log) {
    this.metrics = metrics;
    this.log = log;
    als = serving("als", Setting.ALS_TLS_CERTIFICATE_FILE, settings.alsSecurity().certificate());
    hop = serving("hop", Setting.HOP_TLS, hopSource(settings.hopSecurity(), kubernetes));
  }

  private static CertificateSource hopSource(HopSecurity security, KubernetesClient kubernetes) {
    CertificateFiles files = security.files();
    return switch (security.tls()) {
      case OFF -> null;
      case FILES -> files;
      case SELF_MADE ->
          files != null && files.arePresent()
              ? files
              : new SelfMadeCertificate(
                  kubernetes, kubernetes.getNamespace(), InstantSource.system());
    };
  }

  private ServingCertificate serving(String ingest, Setting setting, CertificateSource source) {
    try {
      return source == null ? null : new ServingCertificate(source, new Said(ingest));
    } catch (CertificateRefusedException e) {
      throw new SettingException(setting.key() + ": " + e.getMessage());
    }
  }

  /** Null without TLS. */
  ServingCertificate als() {
    return als;
  }

  /** Null without TLS. */
  ServingCertificate hop() {
    return hop;
  }

  boolean isEmpty() {
    return als == null && hop == null;
  }

  /** Looks whether there are others. Waits for disks and networks. */
  void check() {
    Stream.of(als, hop).filter(Objects::nonNull).forEach(ServingCertificate::check);
  }

  /** Counts and says it. */
  private final class Said implements CertificateEvents {
    private final String ingest;

    Said(String ingest) {
      this.ingest = ingest;
    }

    @Override
    public void loaded(long notAfterEpochSeconds) {
      metrics.loaded(ingest, notAfterEpochSeconds);
      logger.info(
          "{}: another certificate is served, until {}",
          ingest,
          Instant.ofEpochSecond(notAfterEpochSeconds));
    }

    @Override
    public void failed(String detail) {
      metrics.failed(ingest);
      log.say(ingest, "certificate not loaded, the one before stays", "certificate", "", detail);
    }
  }
}
