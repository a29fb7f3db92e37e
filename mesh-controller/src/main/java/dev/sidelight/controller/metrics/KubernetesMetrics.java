/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.metrics;

import io.prometheus.client.Collector;
import io.prometheus.client.CounterMetricFamily;
import io.prometheus.client.GaugeMetricFamily;
import java.util.List;
import java.util.function.Supplier;

/** {@code sidelight_kubernetes_*}: how the cluster is watched. Any thread. */
public final class KubernetesMetrics extends Collector implements Collector.Describable {

  private static final List<String> KIND = List.of("kind");

  /**
   * One kind of objects.
   *
   * @param kind plural, a label value
   * @param objects known now
   * @param watching whether changes of them are told
   * @param events objects added, changed and removed
   * @param failures lists and watches that began again
   * @param unreadable objects that were left out
   */
  public record Watch(
      String kind, int objects, boolean watching, long events, long failures, long unreadable) {}

  // deps
  private final Supplier<List<Watch>> watches;

  /** Not registered yet. */
  public KubernetesMetrics(Supplier<List<Watch>> watches) {
    this.watches = watches;
  }

  @Override
  public List<MetricFamilySamples> collect() {
    GaugeMetricFamily objects =
        new GaugeMetricFamily(
            "sidelight_kubernetes_objects", "Objects of the cluster that are known", KIND);
    GaugeMetricFamily watching =
        new GaugeMetricFamily(
            "sidelight_kubernetes_watching", "Whether changes of them are told", KIND);
    CounterMetricFamily events =
        new CounterMetricFamily(
            "sidelight_kubernetes_events", "Objects added, changed and removed", KIND);
    CounterMetricFamily failures =
        new CounterMetricFamily(
            "sidelight_kubernetes_failures", "Lists and watches that began again", KIND);
    CounterMetricFamily unreadable =
        new CounterMetricFamily(
            "sidelight_kubernetes_unreadable", "Objects that were left out", KIND);
    for (Watch watch : watches.get()) {
      List<String> kind = List.of(watch.kind());
      objects.addMetric(kind, watch.objects());
      watching.addMetric(kind, watch.watching() ? 1 : 0);
      events.addMetric(kind, (double) watch.events());
      failures.addMetric(kind, (double) watch.failures());
      unreadable.addMetric(kind, (double) watch.unreadable());
    }
    return List.of(objects, watching, events, failures, unreadable);
  }

  @Override
  public List<MetricFamilySamples> describe() {
    return collect();
  }
}
