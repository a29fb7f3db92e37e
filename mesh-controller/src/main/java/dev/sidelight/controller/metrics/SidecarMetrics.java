/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.metrics;

import dev.sidelight.correlator.CorrelatedRequest;
import dev.sidelight.correlator.Workload;
import io.prometheus.client.Collector;
import java.time.InstantSource;
import java.util.List;

/**
 * {@code sidelight_sidecar_*}: what each sidecar took, labelled as Kiali's custom dashboards
 * select. {@link #record} is for one thread, the correlator's; scrapes come on any.
 */
final class SidecarMetrics extends Collector implements Collector.Describable {

  private static final List<String> LABELS = List.of("namespace", "app", "version", "workload");

  // deps
  private final InstantSource clock;
  // state
  private final SeriesTable<SidecarSeries> sidecars;
  private final LabelValues key = new LabelValues(LABELS.size());

  SidecarMetrics(InstantSource clock, MetricsSettings settings) {
    this.clock = clock;
    sidecars =
        new SeriesTable<>(
            settings.maxSidecars(),
            settings.keepMillis(),
            LabelValues.merged(LABELS.size()),
            SidecarSeries::new);
  }

  void record(CorrelatedRequest call, long nowEpochMillis) {
    if (ReportedParts.bySource(call)) {
      sidecars.use(keyOf(call.source()), nowEpochMillis).addOutbound(call, nowEpochMillis);
    }
    if (ReportedParts.byDestination(call)) {
      sidecars.use(keyOf(call.destination()), nowEpochMillis).addInbound(call, nowEpochMillis);
    }
  }

  private LabelValues keyOf(Workload workload) {
    return key.clear()
        .add(workload.namespace())
        .add(workload.app())
        .add(workload.version())
        .add(workload.workload());
  }

  SeriesTable<SidecarSeries> sidecars() {
    return sidecars;
  }

  @Override
  public List<MetricFamilySamples> collect() {
    Family durations = family();
    sidecars.forEach(
        clock.millis(), (workload, series) -> series.copy().collect(workload, durations));
    return List.of(durations.toSamples());
  }

  @Override
  public List<MetricFamilySamples> describe() {
    return List.of(family().toSamples());
  }

  private static Family family() {
    return Family.histogram(
        "sidelight_sidecar_duration_seconds",
        "What a workload's sidecar took in a call as its source (outbound) or destination (inbound)",
        LABELS,
        "direction",
        "component");
  }
}
