/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** One look at a probe's /metrics. */
final class Scrape {
  private final String text;

  private Scrape(String text) {
    this.text = text;
  }

  static Scrape of(Probe probe) {
    URI page = URI.create("http://127.0.0.1:" + probe.metricsPort() + "/metrics");
    try (InputStream in = page.toURL().openStream()) {
      return new Scrape(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String text() {
    return text;
  }

  /** Samples of a name with all these labels, written as name="value". */
  List<String> samples(String name, String... labels) {
    return text.lines()
        .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
        .filter(line -> Arrays.stream(labels).allMatch(line::contains))
        .toList();
  }

  /** Their sum. */
  double sum(String name, String... labels) {
    return samples(name, labels).stream()
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }
}
