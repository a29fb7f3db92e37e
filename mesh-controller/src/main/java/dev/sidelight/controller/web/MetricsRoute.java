/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.web;

import io.prometheus.client.Collector.MetricFamilySamples;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.exporter.common.TextFormat;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.MIMEHeader;
import io.vertx.ext.web.ParsedHeaderValues;
import io.vertx.ext.web.RoutingContext;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Writer;
import java.util.Enumeration;
import java.util.Set;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code GET /metrics}: Prometheus' text format, or OpenMetrics where that is rather asked for, and
 * gzip where it is accepted. Written as it is made, since a large mesh's is too large to be held.
 * For worker threads.
 */
final class MetricsRoute {

  private static final Logger LOGGER = LoggerFactory.getLogger(MetricsRoute.class);

  private static final Set<String> OPEN_METRICS_VERSIONS = Set.of("1.0.0", "0.0.1");
  private static final String GZIP = "gzip";
  private static final String CREATED = "_created";
  private static final int CHUNK_BYTES = 1 << 16;
  private static final long PATIENCE_MILLIS = 10_000;

  // deps
  private final CollectorRegistry registry;

  MetricsRoute(CollectorRegistry registry) {
    this.registry = registry;
  }

  /**
   * Answers. Where that fails half way the connection is cut, so that nobody takes the part for the
   * whole; what fails before is thrown.
   */
  void answer(RoutingContext context) {
    ParsedHeaderValues headers = context.parsedHeaders();
    String contentType = contentType(headers);
    boolean gzip =
        headers.acceptEncoding().stream()
            .anyMatch(encoding -> encoding.value().equals(GZIP) && encoding.weight() > 0);
    ResponseStream body = new ResponseStream(context.response(), PATIENCE_MILLIS);
    setHeaders(context.response(), contentType, gzip);
    try {
      write(contentType, gzip, new BufferedOutputStream(body, CHUNK_BYTES));
    } catch (IOException e) {
      LOGGER.info("a scrape was cut off: {}", e.toString());
      context.request().connection().close();
    } catch (RuntimeException e) {
      if (!body.hasBegun()) {
        context.response().setChunked(false).headers().clear();
        throw e;
      }
      LOGGER.error("a scrape failed half way", e);
      context.request().connection().close();
    }
  }

  private static void setHeaders(HttpServerResponse response, String contentType, boolean gzip) {
    response
        .setChunked(true)
        .putHeader("content-type", contentType)
        .putHeader("x-content-type-options", "nosniff")
        .putHeader("vary", "accept, accept-encoding");
    if (gzip) {
      response.putHeader("content-encoding", GZIP);
    }
  }

  private void write(String contentType, boolean gzip, OutputStream body) throws IOException {
    // Not closed where writing fails: that would end the body as if it were whole.
    OutputStream out = gzip ? new FastGzip(body) : body;
    Writer text = new TextWriter(out);
    TextFormat.writeFormat(contentType, text, new WithoutCreated(registry.metricFamilySamples()));
    text.close();
  }

  private static String contentType(ParsedHeaderValues headers) {
    for (MIMEHeader accepted : headers.accept()) {
      String type = accepted.component() + "/" + accepted.subComponent();
      if (accepted.weight() > 0) {
        switch (type) {
          case "application/openmetrics-text" -> {
            String version = accepted.parameter("version");
            if (version == null || OPEN_METRICS_VERSIONS.contains(version)) {
              return TextFormat.CONTENT_TYPE_OPENMETRICS_100;
            }
          }
          case "text/plain", "text/*", "*/*" -> {
            return TextFormat.CONTENT_TYPE_004;
          }
          default -> {
            // Not ours to serve.
          }
        }
      }
    }
    return TextFormat.CONTENT_TYPE_004;
  }

  /** Ten thousand lines that are nearly the same compress well at any level. */
  private static final class FastGzip extends GZIPOutputStream {
    FastGzip(OutputStream out) throws IOException {
      super(out, CHUNK_BYTES);
      def.setLevel(Deflater.BEST_SPEED);
    }
  }

  /**
   * Without the time at which each counter was made: Prometheus takes it for one more series, and
   * our own do not tell it.
   */
  @SuppressWarnings("JdkObsolete") // it is what TextFormat takes
  private static final class WithoutCreated implements Enumeration<MetricFamilySamples> {
    private final Enumeration<MetricFamilySamples> families;

    WithoutCreated(Enumeration<MetricFamilySamples> families) {
      this.families = families;
    }

    @Override
    public boolean hasMoreElements() {
      return families.hasMoreElements();
    }

    @Override
    public MetricFamilySamples nextElement() {
      MetricFamilySamples family = families.nextElement();
      String created = family.name + CREATED;
      // It is the last of each of a metric's children.
      int size = family.samples.size();
      if (size == 0 || !family.samples.get(size - 1).name.equals(created)) {
        return family;
      }
      return new MetricFamilySamples(
          family.name,
          family.type,
          family.help,
          family.samples.stream().filter(sample -> !sample.name.equals(created)).toList());
    }
  }
}
