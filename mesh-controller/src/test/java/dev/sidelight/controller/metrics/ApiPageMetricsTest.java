/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.client.Collector.MetricFamilySamples;
import io.prometheus.client.CollectorRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** API.md names every metric with its type, and no other. */
final class ApiPageMetricsTest {

  private static final Pattern ROW =
      Pattern.compile(
          "^\\| `((?:sidelight|kiali_ext|istio)_\\w+)` \\| (counter|gauge|histogram) \\|");

  @Test
  void apiPage_namesEveryMetric() throws IOException {
    CollectorRegistry registry = new CollectorRegistry();
    new TrafficMetrics(InstantSource.system(), Page.ALL, registry);
    new LagMetrics(InstantSource.system()).register(registry);
    new EdgeWindowMetrics(() -> 0, () -> 0, () -> 0, () -> 0, () -> 0).register(registry);
    new HistoryMetrics(() -> 0, () -> 0, () -> 0, () -> 0, () -> 0, () -> 0, () -> 0)
        .register(registry);
    new IngestMetrics(registry);
    new TlsMetrics(registry);
    new ProbeAccounts().register(registry);
    new WorkloadTcpMetrics(1, 1, 1, () -> 0).register(registry);
    new OverlayMetrics(registry);
    new KubernetesMetrics(List::of).register(registry);
    new IstioConfigurationMetrics(registry, List.of(), Set::of);
    new ProfileMetrics(registry);
    ProfileMetrics.registerHeld(registry, Map::of, () -> 0, () -> 0);
    new TracingMetrics(registry).pending(() -> 0);
    assertThat(documented()).isEqualTo(registered(registry));
  }

  private static Set<String> documented() throws IOException {
    Set<String> rows = new TreeSet<>();
    for (String line : Files.readAllLines(Path.of("API.md"))) {
      Matcher row = ROW.matcher(line);
      if (row.find()) {
        assertThat(rows.add(row.group(1) + " " + row.group(2))).as(line).isTrue();
      }
    }
    return rows;
  }

  private static Set<String> registered(CollectorRegistry registry) {
    Set<String> families = new TreeSet<>();
    for (MetricFamilySamples family : Collections.list(registry.metricFamilySamples())) {
      String type = family.type.name().toLowerCase(Locale.ROOT);
      families.add(family.name + (type.equals("counter") ? "_total" : "") + " " + type);
    }
    return families;
  }
}
