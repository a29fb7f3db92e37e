/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.istio;

import java.util.Locale;

/** By what the proxies' access logs are turned on. */
public enum AccessLogMode {
  /** By whoever else does it. */
  OFF,
  /**
   * By a Telemetry that names an extension provider of MeshConfig. Istio's own way, but such a
   * logger has neither our tags nor the router's upstream log: how long a call waited for its
   * connection and which of its attempts took how long is not known then.
   */
  TELEMETRY,
  /** By an EnvoyFilter with a logger that tells all. */
  FULL;

  /** As in the settings. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }
}
