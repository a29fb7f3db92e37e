/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.metrics;

import io.prometheus.client.Collector;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.GaugeMetricFamily;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/** What stands in the way of Istio's access logs, and what the controller wrote. Any thread. */
public final class IstioConfigurationMetrics {

  // state
  private final Counter writes;

  /**
   * Registers them.
   *
   * @param registry where
   * @param codes of all problems that can be
   * @param present those that there are
   */
  public IstioConfigurationMetrics(
      CollectorRegistry registry, List<String> codes, Supplier<Set<String>> present) {
    writes =
        Counter.build(
                "sidelight_istio_writes",
                "Objects of the controller's own in Istio's configuration that it wrote")
            .labelNames("kind", "outcome")
            .register(registry);
    registry.register(new Problems(codes, present));
  }

  /** One object. */
  public void written(String kind, String outcome) {
    writes.labels(kind, outcome).inc();
  }

  private static final class Problems extends Collector implements Collector.Describable {

    // deps
    private final List<String> codes;
    private final Supplier<Set<String>> present;

    Problems(List<String> codes, Supplier<Set<String>> present) {
      this.codes = List.copyOf(codes);
      this.present = present;
    }

    @Override
    public List<MetricFamilySamples> collect() {
      GaugeMetricFamily family = family();
      Set<String> now = present.get();
      for (String code : codes) {
        family.addMetric(List.of(code), now.contains(code) ? 1 : 0);
      }
      return List.of(family);
    }

    @Override
    public List<MetricFamilySamples> describe() {
      return List.of(family());
    }

    private static GaugeMetricFamily family() {
      return new GaugeMetricFamily(
          "sidelight_istio_problem",
          "1 where Istio's configuration has a problem of this code",
          List.of("code"));
    }
  }
}
