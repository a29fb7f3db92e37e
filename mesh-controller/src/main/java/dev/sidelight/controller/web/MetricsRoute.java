/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.web;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.exporter.common.TextFormat;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** {@code GET /metrics}: Prometheus' text format, OpenMetrics where asked for. Any thread. */
final class MetricsRoute {

  // deps
  private final CollectorRegistry registry;

  MetricsRoute(CollectorRegistry registry) {
    this.registry = registry;
  }

  Answer answer(String accept) {
    String contentType = TextFormat.chooseContentType(accept);
    StringWriter text = new StringWriter();
    try {
      TextFormat.writeFormat(contentType, text, registry.metricFamilySamples());
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory failed", e);
    }
    return new Answer(200, contentType, text.toString().getBytes(StandardCharsets.UTF_8));
  }
}
