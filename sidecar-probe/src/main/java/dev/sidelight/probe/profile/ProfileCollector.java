/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.profile;

import io.prometheus.client.Collector;
import io.prometheus.client.CounterMetricFamily;
import io.prometheus.client.GaugeMetricFamily;
import java.util.List;

/** Tasks and what they told, read at the scrape. */
public final class ProfileCollector extends Collector {
  /** Every name that it exposes; the table in README.md is compared with this. */
  static final List<String> NAMES =
      List.of(
          "sidelight_probe_profiles",
          "sidelight_probe_profile_tasks_total",
          "sidelight_probe_profile_items_total");

  private final Profiles profiles;

  /** Reads these. */
  public ProfileCollector(Profiles profiles) {
    this.profiles = profiles;
  }

  @Override
  public List<MetricFamilySamples> collect() {
    return List.of(
        new GaugeMetricFamily("sidelight_probe_profiles", "Tasks that run.", profiles.taskCount()),
        tasks(),
        items());
  }

  private MetricFamilySamples tasks() {
    ProfileCounters counters = profiles.counters();
    CounterMetricFamily tasks =
        new CounterMetricFamily(
            "sidelight_probe_profile_tasks",
            "Tasks by what became of them, and why.",
            List.of("outcome", "reason"));
    tasks.addMetric(List.of("begun", ""), (double) counters.begun.sum());
    counters.refused.forEach(
        (why, count) -> tasks.addMetric(List.of("refused", why.label()), (double) count.sum()));
    counters.ended.forEach(
        (why, count) -> tasks.addMetric(List.of("ended", why.label()), (double) count.sum()));
    return tasks;
  }

  private MetricFamilySamples items() {
    ProfileCounters counters = profiles.counters();
    CounterMetricFamily items =
        new CounterMetricFamily(
            "sidelight_probe_profile_items",
            "What reports told, and what was beyond a bound.",
            List.of("item", "outcome"));
    items.addMetric(List.of("connection", "told"), (double) counters.connectionsTold.sum());
    items.addMetric(List.of("connection", "omitted"), (double) counters.connectionsOmitted.sum());
    items.addMetric(List.of("process", "omitted"), (double) counters.processesOmitted.sum());
    items.addMetric(List.of("sample", "told"), (double) counters.samplesTold.sum());
    items.addMetric(List.of("sample", "omitted"), (double) counters.samplesOmitted.sum());
    return items;
  }
}
