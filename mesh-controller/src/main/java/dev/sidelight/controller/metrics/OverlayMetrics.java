/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.metrics;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.Histogram;

/** What became of the answers of the Kiali behind the overlay. Any thread. */
public final class OverlayMetrics {

  private static final double NANOS_PER_SECOND = 1e9;

  // state
  private final Counter responses;
  private final Histogram changeSeconds;

  /** Registers them. */
  public OverlayMetrics(CollectorRegistry registry) {
    responses =
        Counter.build("sidelight_overlay_responses", "Answers of the Kiali behind the overlay")
            .labelNames("outcome", "reason")
            .register(registry);
    changeSeconds =
        Histogram.build(
                "sidelight_overlay_change_seconds",
                "Time to read a graph and to put the sidecars into it")
            .buckets(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5)
            .register(registry);
  }

  /** One answer. */
  public void answered(String outcome, String reason) {
    responses.labels(outcome, reason).inc();
  }

  /** One graph read, changed or not. */
  public void changeTook(long nanos) {
    changeSeconds.observe(nanos / NANOS_PER_SECOND);
  }
}
