/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.metrics;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.Gauge;

/** The certificates that the ingests show. Any thread. */
public final class TlsMetrics {

  private static final String INGEST = "ingest";

  // state
  private final Gauge notAfter;
  private final Counter loads;

  /** Registers them all. */
  public TlsMetrics(CollectorRegistry registry) {
    notAfter =
        Gauge.build(
                "sidelight_tls_certificate_not_after_seconds",
                "When the certificate that an ingest shows expires, since the epoch")
            .labelNames(INGEST)
            .register(registry);
    loads =
        Counter.build(
                "sidelight_tls_certificate_loads",
                "Times that another certificate was loaded, or that none could be")
            .labelNames(INGEST, "outcome")
            .register(registry);
  }

  /** An ingest shows another certificate. */
  public void loaded(String ingest, long notAfterEpochSeconds) {
    notAfter.labels(ingest).set((double) notAfterEpochSeconds);
    loads.labels(ingest, "loaded").inc();
  }

  /** There was none to load; the one before stays. */
  public void failed(String ingest) {
    loads.labels(ingest, "failed").inc();
  }
}
