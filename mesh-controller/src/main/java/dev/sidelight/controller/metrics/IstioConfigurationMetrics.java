/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.metrics;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;

/** What the controller did with its objects in Istio's configuration. Any thread. */
public final class IstioConfigurationMetrics {

  // state
  private final Counter writes;

  /** Registers them. */
  public IstioConfigurationMetrics(CollectorRegistry registry) {
    writes =
        Counter.build(
                "sidelight_istio_writes",
                "Objects of the controller's own in Istio's configuration that it wrote")
            .labelNames("kind", "outcome")
            .register(registry);
  }

  /** One object. */
  public void written(String kind, String outcome) {
    writes.labels(kind, outcome).inc();
  }
}
