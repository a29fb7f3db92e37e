/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.istio;

import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What keeps access logs, or a part of them, from the controller, or looks as if it did.
 *
 * @param code which
 * @param message names the objects
 * @param command the way out, or what shows it, for a shell
 */
public record IstioProblem(Code code, String message, String command) {

  /** Named in one message. */
  static final int MOST = 5;

  /** Kinds of problem. API.md lists them. */
  public enum Code {
    /** Some of it is not known. */
    NOT_WATCHED("istio_not_watched"),
    /** A DestinationRule has proxies speak TLS to the controller, which does not. */
    DESTINATION_RULE_MUTUAL("istio_destination_rule_mutual"),
    /** A Sidecar leaves the controller out of what its proxies may call. */
    SIDECAR_EGRESS("istio_sidecar_egress"),
    /** The Telemetry names a provider that MeshConfig has not. */
    PROVIDER_MISSING("istio_provider_missing"),
    /** The logger leads to no Service. */
    PROVIDER_SERVICE_MISSING("istio_provider_service_missing"),
    /** Another Telemetry is taken instead of ours. */
    TELEMETRY_SHADOWED("istio_telemetry_shadowed"),
    /** The API server did not take our object. */
    NOT_WRITTEN("istio_access_logs_not_written"),
    /** Callers speak other TLS than a workload takes. */
    MTLS_CONFLICT("istio_mtls_conflict"),
    /** Apps serve TLS that their sidecars do not see into. */
    APP_TLS("istio_app_tls"),
    /** All is as it was wanted, but that tells less than it could. */
    TELEMETRY_MODE("istio_telemetry_mode");

    private final String key;

    Code(String key) {
      this.key = key;
    }

    /** As in the API. */
    public String key() {
      return key;
    }

    /** Whether nothing is wrong. */
    public boolean isInformation() {
      return this == APP_TLS || this == TELEMETRY_MODE;
    }
  }

  /** Some names in words; of many the first. */
  static String list(Collection<String> names) {
    List<String> first = names.stream().limit(MOST).toList();
    String more = names.size() > MOST ? " and " + (names.size() - MOST) + " more" : "";
    return String.join(", ", first) + more;
  }

  /** One after the other, as long as they succeed. */
  static String commands(Collection<String> commands) {
    return commands.stream().distinct().collect(Collectors.joining(" && "));
  }
}
