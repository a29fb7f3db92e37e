/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.metrics;

import dev.sidelight.correlator.CorrelatedRequest;
import dev.sidelight.correlator.TcpTraffic;
import io.prometheus.client.CollectorRegistry;
import java.time.InstantSource;

/**
 * Every metric that is made of finished calls and of TCP connections. Calls are for one thread, the
 * correlator's, and allocate only for what is seen for the first time; connections for any.
 */
public final class TrafficMetrics {

  // deps
  private final InstantSource clock;
  private final EdgeMetrics edges;
  private final SidecarMetrics sidecars;
  private final TcpEdgeMetrics tcpEdges;
  private final KialiMetrics kiali;
  private final IstioMetrics istio;

  /**
   * Registers them.
   *
   * @param clock wall clock
   */
  public TrafficMetrics(InstantSource clock, MetricsSettings settings, CollectorRegistry registry) {
    this.clock = clock;
    SeriesAccounts accounts = new SeriesAccounts();
    edges = new EdgeMetrics(clock, settings).register(registry);
    sidecars = new SidecarMetrics(clock, settings).register(registry);
    tcpEdges = new TcpEdgeMetrics(clock, settings).register(registry);
    accounts.add("edge", edges.edges());
    accounts.addMerged("response", edges::mergedResponses);
    accounts.add("sidecar", sidecars.sidecars());
    accounts.add("tcp_edge", tcpEdges.edges());
    kiali = settings.kialiExtension() ? new KialiMetrics(clock, settings).register(registry) : null;
    if (kiali != null) {
      accounts.add("kiali", kiali.requests());
      accounts.add("kiali_tcp", kiali.connections());
    }
    istio =
        settings.istioCompatible() ? new IstioMetrics(clock, settings).register(registry) : null;
    if (istio != null) {
      accounts.add("istio", istio.requests());
      accounts.add("istio_tcp", istio.connections());
    }
    accounts.register(registry);
  }

  /** Counts a call. */
  public void record(CorrelatedRequest call) {
    long nowEpochMillis = clock.millis();
    edges.record(call, nowEpochMillis);
    sidecars.record(call, nowEpochMillis);
    if (kiali != null) {
      kiali.record(call, nowEpochMillis);
    }
    if (istio != null) {
      istio.record(call, nowEpochMillis);
    }
  }

  /** Counts what has happened on a connection. */
  public synchronized void record(TcpTraffic traffic) {
    long nowEpochMillis = clock.millis();
    tcpEdges.record(traffic, nowEpochMillis);
    if (kiali != null) {
      kiali.record(traffic, nowEpochMillis);
    }
    if (istio != null) {
      istio.record(traffic, nowEpochMillis);
    }
  }
}
