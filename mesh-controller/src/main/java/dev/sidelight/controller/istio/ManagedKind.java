/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.istio;

import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;

/** Kinds of object that are ours to write. */
enum ManagedKind {
  TELEMETRY("Telemetry", "telemetry.istio.io", "v1", "telemetries"),
  ENVOY_FILTER("EnvoyFilter", "networking.istio.io", "v1alpha3", "envoyfilters");

  private final String kind;
  private final String group;
  private final String version;
  private final String plural;

  ManagedKind(String kind, String group, String version, String plural) {
    this.kind = kind;
    this.group = group;
    this.version = version;
    this.plural = plural;
  }

  String kind() {
    return kind;
  }

  String apiVersion() {
    return group + "/" + version;
  }

  ResourceDefinitionContext context() {
    return new ResourceDefinitionContext.Builder()
        .withKind(kind)
        .withGroup(group)
        .withVersion(version)
        .withPlural(plural)
        .withNamespaced(true)
        .build();
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
