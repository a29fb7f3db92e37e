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
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** {@code sidelight_profile_*}: network profiles of pods. Any thread. */
public final class ProfileMetrics {

  private static final String REASON = "reason";
  private static final String OUTCOME = "outcome";

  // state
  private final Counter requests;
  private final Counter ended;
  private final Counter reports;
  private final Counter omitted;

  /** Registers the counters. */
  public ProfileMetrics(CollectorRegistry registry) {
    requests =
        Counter.build("sidelight_profile_requests", "Profiles that were asked for")
            .labelNames(OUTCOME, REASON)
            .register(registry);
    ended =
        Counter.build("sidelight_profile_ended", "Profiles that ended")
            .labelNames(REASON)
            .register(registry);
    reports =
        Counter.build("sidelight_profile_reports", "Probes' reports of profiles")
            .labelNames(OUTCOME, REASON)
            .register(registry);
    omitted =
        Counter.build("sidelight_profile_omitted", "What profiles do not hold")
            .labelNames("what")
            .register(registry);
  }

  /** A profile was asked for. */
  public void requested(String outcome, String reason) {
    requests.labels(outcome, reason).inc();
  }

  /** A profile ended. */
  public void ended(String reason) {
    ended.labels(reason).inc();
  }

  /** Reports came, or did not. */
  public void reports(String outcome, String reason, long count) {
    reports.labels(outcome, reason).inc((double) count);
  }

  /** Something is not held. */
  public void omitted(String what, long count) {
    omitted.labels(what).inc((double) count);
  }

  /**
   * Registers what is held now.
   *
   * @param tasks profiles by state
   * @param pods of connected probes
   * @param bytes of heap
   */
  public static void registerHeld(
      CollectorRegistry registry,
      Supplier<Map<String, Integer>> tasks,
      LongSupplier pods,
      LongSupplier bytes) {
    registry.register(new Held(tasks, pods, bytes));
  }

  /** The gauges. */
  private static final class Held extends Collector implements Collector.Describable {
    private final Supplier<Map<String, Integer>> tasks;
    private final LongSupplier pods;
    private final LongSupplier bytes;

    Held(Supplier<Map<String, Integer>> tasks, LongSupplier pods, LongSupplier bytes) {
      this.tasks = tasks;
      this.pods = pods;
      this.bytes = bytes;
    }

    @Override
    public List<MetricFamilySamples> collect() {
      GaugeMetricFamily byState =
          new GaugeMetricFamily(
              "sidelight_profile_tasks", "Profiles that are held", List.of("state"));
      tasks.get().forEach((state, count) -> byState.addMetric(List.of(state), count));
      return List.of(
          byState,
          new GaugeMetricFamily(
              "sidelight_profile_pods", "Pods of connected probes", pods.getAsLong()),
          new GaugeMetricFamily(
              "sidelight_profile_bytes", "Heap of what profiles hold", bytes.getAsLong()));
    }

    @Override
    public List<MetricFamilySamples> describe() {
      return collect();
    }
  }
}
