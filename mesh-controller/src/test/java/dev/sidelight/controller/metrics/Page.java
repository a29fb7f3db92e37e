/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.metrics;

import dev.sidelight.controller.FakeClock;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.exporter.common.TextFormat;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;

/** The metrics of traffic, and the page that they make. */
final class Page {

  static final MetricsSettings ALL = new MetricsSettings(10, 8, 10, 60_000, true, true);

  final FakeClock clock = new FakeClock(1_795_534_422);
  final CollectorRegistry registry = new CollectorRegistry();
  final TrafficMetrics metrics;

  Page(MetricsSettings settings) {
    metrics = new TrafficMetrics(clock, settings, registry);
  }

  /** Lines of the text format, in their order. */
  List<String> lines() {
    return write(TextFormat.CONTENT_TYPE_004).lines().toList();
  }

  /** Those of series whose name and labels have all of the words. */
  List<String> lines(String... words) {
    return lines().stream()
        .filter(line -> !line.startsWith("#"))
        .filter(line -> List.of(words).stream().allMatch(line::contains))
        .toList();
  }

  String openMetrics() {
    return write(TextFormat.CONTENT_TYPE_OPENMETRICS_100);
  }

  String text() {
    return write(TextFormat.CONTENT_TYPE_004);
  }

  private String write(String contentType) {
    StringWriter text = new StringWriter();
    try {
      TextFormat.writeFormat(contentType, text, registry.metricFamilySamples());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }
}
