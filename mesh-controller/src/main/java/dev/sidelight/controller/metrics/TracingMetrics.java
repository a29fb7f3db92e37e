/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.metrics;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.Gauge;
import java.util.function.IntSupplier;

/**
 * What became of the calls that were chosen for export as traces; one whose fate is open is
 * pending. Any thread.
 */
public final class TracingMetrics {

  // deps
  private final CollectorRegistry registry;

  // state
  private final Counter calls;
  private final Counter traceparents;

  /** Registers the counters. */
  public TracingMetrics(CollectorRegistry registry) {
    this.registry = registry;
    calls =
        Counter.build("sidelight_otlp_calls", "Calls chosen for export, by what became of them")
            .labelNames("outcome", "reason")
            .register(registry);
    traceparents =
        Counter.build(
                "sidelight_otlp_traceparents", "Calls chosen for export, by their traceparent")
            .labelNames("traceparent")
            .register(registry);
  }

  /** Registers the gauge of what is pending. */
  public void pending(IntSupplier pending) {
    Gauge.build("sidelight_otlp_pending", "Calls chosen for export that have not left")
        .create()
        .setChild(
            new Gauge.Child() {
              @Override
              public double get() {
                return pending.getAsInt();
              }
            })
        .register(registry);
  }

  /** Calls that left. */
  public void calls(int count, String outcome, String reason) {
    calls.labels(outcome, reason).inc(count);
  }

  /** One chosen call. */
  public void traceparent(String kind) {
    traceparents.labels(kind).inc();
  }
}
