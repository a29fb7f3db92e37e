/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.istio;

import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.util.Locale;

/** Kinds of object that are ours to write. */
enum ManagedKind {
  TELEMETRY("Telemetry", "telemetry.istio.io", "v1", "telemetries"),
  ENVOY_FILTER("EnvoyFilter", "networking.istio.io", "v1alpha3", "envoyfilters");

  private final String kind;
  private final ResourceDefinitionContext context;

  ManagedKind(String kind, String group, String version, String plural) {
    this.kind = kind;
    context =
        new ResourceDefinitionContext.Builder()
            .withKind(kind)
            .withGroup(group)
            .withVersion(version)
            .withPlural(plural)
            .withNamespaced(true)
            .build();
  }

  String kind() {
    return kind;
  }

  /** As kubectl takes it. */
  String resource() {
    return kind.toLowerCase(Locale.ROOT);
  }

  String apiVersion() {
    return context.getGroup() + "/" + context.getVersion();
  }

  ResourceDefinitionContext context() {
    return context;
  }

  /** Whether a mode has one of these in each place. */
  boolean isOf(AccessLogMode mode) {
    return switch (mode) {
      case OFF -> false;
      case TELEMETRY -> this == TELEMETRY;
      case FULL -> this == ENVOY_FILTER;
    };
  }
}
