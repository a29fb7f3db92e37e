/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.bookinfo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Every sample of what connections carry, buckets included, by the probe's labels, so that those of
 * probe and controller can be held against each other.
 */
record TcpSamples(Map<String, Double> values) {

  private static final Pattern SAMPLE =
      Pattern.compile("^sidelight_(?:workload_)?tcp_(\\w+)\\{(.*)} (\\S+)$", Pattern.MULTILINE);
  private static final Pattern LABEL = Pattern.compile("(\\w+)=\"([^\"]*)\"");
  private static final double ROUNDING = 1e-6;

  static TcpSamples ofProbe(SidelightApi api) {
    return of(api.probePage());
  }

  static TcpSamples ofController(SidelightApi api) {
    return of(api.controllerPage());
  }

  private static TcpSamples of(String page) {
    Map<String, Double> values = new TreeMap<>();
    Matcher sample = SAMPLE.matcher(page);
    while (sample.find()) {
      String series = sample.group(1) + labels(sample.group(2));
      values.merge(series, Double.valueOf(sample.group(3)), Double::sum);
    }
    return new TcpSamples(values);
  }

  /** Only the controller has app and version, and calls unknown what the probe leaves empty. */
  private static Map<String, String> labels(String text) {
    Map<String, String> labels = new TreeMap<>();
    Matcher label = LABEL.matcher(text);
    while (label.find()) {
      boolean isName = label.group(1).equals("workload") || label.group(1).equals("namespace");
      String unnamed = isName ? "unknown" : "";
      labels.put(label.group(1), label.group(2).isEmpty() ? unnamed : label.group(2));
    }
    labels.remove("app");
    labels.remove("version");
    return labels;
  }

  TcpSamples plus(TcpSamples other) {
    return combine(other, 1);
  }

  /** What differs; samples that are the same are left out. */
  TcpSamples minus(TcpSamples other) {
    return combine(other, -1);
  }

  private TcpSamples combine(TcpSamples other, int sign) {
    Map<String, Double> sums = new TreeMap<>(values);
    other.values.forEach((series, value) -> sums.merge(series, sign * value, Double::sum));
    sums.values().removeIf(value -> Math.abs(value) < ROUNDING);
    return new TcpSamples(sums);
  }

  void assertSameAs(TcpSamples expected) {
    assertThat(minus(expected).values).isEmpty();
  }

  /** Sum of a metric over the series that have all of these labels ({@code name=value}). */
  double sum(String metric, String... labels) {
    return values.entrySet().stream()
        .filter(sample -> sample.getKey().startsWith(metric + "{"))
        .filter(sample -> Arrays.stream(labels).allMatch(sample.getKey()::contains))
        .mapToDouble(Map.Entry::getValue)
        .sum();
  }
}
