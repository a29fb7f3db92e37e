/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller;

import dev.sidelight.controller.ControllerSettings.ListenAddress;
import dev.sidelight.controller.tls.CertificateFiles;
import java.util.Locale;

/**
 * How the probes' ingest is guarded.
 *
 * @param tls where its certificate is
 * @param files the files of it; null where none are named
 * @param reviewsTokens whether a probe must show its ServiceAccount's token
 * @param tokenAudience what such a token must be for
 * @param serviceAccount the probes', NAMESPACE/NAME
 * @param maxStreams open at once
 * @param maxEndsPerSecond of one probe
 */
record HopSecurity(
    Tls tls,
    CertificateFiles files,
    boolean reviewsTokens,
    String tokenAudience,
    String serviceAccount,
    int maxStreams,
    int maxEndsPerSecond) {

  /** Where a certificate is. */
  enum Tls {
    /** There is none. */
    OFF,
    /** In files. */
    FILES,
    /** In files where they are there, else in a Secret that is filled here. */
    SELF_MADE
  }

  /**
   * Checks every value.
   *
   * @throws SettingException on the first that is wrong
   */
  static HopSecurity of(SettingValues values, ListenAddress hop) {
    HopSecurity security =
        new HopSecurity(
            Tls.valueOf(
                values
                    .oneOf(Setting.HOP_TLS, "off", "files", "self-made")
                    .toUpperCase(Locale.ROOT)
                    .replace('-', '_')),
            values.certificateFiles(
                Setting.HOP_TLS_CERTIFICATE_FILE, Setting.HOP_TLS_KEY_FILE, null),
            values.oneOf(Setting.HOP_AUTHENTICATION, "none", "token-review").equals("token-review"),
            values.nonEmpty(Setting.HOP_TOKEN_AUDIENCE),
            values.namespacedName(Setting.HOP_SERVICE_ACCOUNT),
            values.integer(Setting.HOP_MAX_STREAMS, 1, 1_000_000),
            values.integer(Setting.HOP_MAX_ENDS_PER_SECOND, 1, 10_000_000));
    security.refuseHalves(hop);
    security.refuseWithoutKubernetes(values);
    return security;
  }

  private void refuseHalves(ListenAddress hop) {
    if (tls == Tls.FILES && files == null) {
      throw new SettingException(
          Setting.HOP_TLS.key()
              + ": files needs "
              + Setting.HOP_TLS_CERTIFICATE_FILE.key()
              + " and "
              + Setting.HOP_TLS_KEY_FILE.key());
    }
    if (tls == Tls.OFF && files != null) {
      throw new SettingException(
          Setting.HOP_TLS.key()
              + ": off, though "
              + Setting.HOP_TLS_CERTIFICATE_FILE.key()
              + " is named; say files, or leave the file out");
    }
    if (reviewsTokens && tls == Tls.OFF && !hop.isLoopback()) {
      throw new SettingException(
          Setting.HOP_AUTHENTICATION.key()
              + ": token-review is refused without TLS, since everybody on the way could read the"
              + " probes' tokens; set "
              + Setting.HOP_TLS.key());
    }
  }

  private void refuseWithoutKubernetes(SettingValues values) {
    boolean asked = values.oneOf(Setting.KUBERNETES_ENABLED, "on", "off").equals("on");
    if (!asked && (reviewsTokens || tls == Tls.SELF_MADE)) {
      throw new SettingException(
          (reviewsTokens ? Setting.HOP_AUTHENTICATION.key() : Setting.HOP_TLS.key())
              + ": needs "
              + Setting.KUBERNETES_ENABLED.key()
              + "=on");
    }
  }
}
