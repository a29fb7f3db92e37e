/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller;

import dev.sidelight.controller.tls.CertificateFiles;

/**
 * How the access log service is guarded.
 *
 * @param certificate what TCP is served with; null without TLS
 * @param forwardedIdentity whether this pod's own sidecar ends the mesh's TLS and tells who called
 * @param maxStreamAgeSeconds when a stream is ended; 0 for never
 * @param maxStreams open at once
 * @param maxEntriesPerSecond of one stream
 */
record AlsSecurity(
    CertificateFiles certificate,
    boolean forwardedIdentity,
    int maxStreamAgeSeconds,
    int maxStreams,
    int maxEntriesPerSecond) {

  /**
   * Checks every value.
   *
   * @throws SettingException on the first that is wrong
   */
  static AlsSecurity of(SettingValues values) {
    return new AlsSecurity(
        values.certificateFiles(
            Setting.ALS_TLS_CERTIFICATE_FILE,
            Setting.ALS_TLS_KEY_FILE,
            Setting.ALS_TLS_CLIENT_CA_FILE),
        values.oneOf(Setting.ALS_FORWARDED_IDENTITY, "on", "off").equals("on"),
        values.integer(Setting.ALS_MAX_STREAM_AGE_SECONDS, 0, 86_400),
        values.integer(Setting.ALS_MAX_STREAMS, 1, 1_000_000),
        values.integer(Setting.ALS_MAX_ENTRIES_PER_SECOND, 1, 10_000_000));
  }

  /** Whether an Envoy must show that it is the pod's that it says. */
  boolean checksIdentity() {
    return forwardedIdentity || (certificate != null && certificate.clientCa() != null);
  }
}
