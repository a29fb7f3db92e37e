/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.metrics;

/**
 * Bounds of what is exposed, and which views are.
 *
 * @param maxEdges edges with series of their own, at least 1
 * @param maxResponses kinds of response (code and flags) with series of their own an edge, at least
 *     1
 * @param maxSidecars workloads whose sidecar has series of its own, at least 1
 * @param keepMillis series without a call for so long are dropped
 * @param kialiExtension whether {@code kiali_ext_*} is exposed
 * @param istioCompatible whether {@code istio_*} is exposed
 */
public record MetricsSettings(
    int maxEdges,
    int maxResponses,
    int maxSidecars,
    long keepMillis,
    boolean kialiExtension,
    boolean istioCompatible) {

  /** Rejects bounds below 1. */
  public MetricsSettings {
    if (maxEdges < 1 || maxResponses < 1 || maxSidecars < 1 || keepMillis < 1) {
      throw new IllegalArgumentException(
          "bounds must be at least 1: edges %d, responses %d, sidecars %d, keep %d ms"
              .formatted(maxEdges, maxResponses, maxSidecars, keepMillis));
    }
  }
}
