/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.bookinfo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The expressions of istio-addon: of its dashboards, of Kiali's charts, of its alerts. */
final class AddonQueries {

  private static final Path ADDON = Path.of("..", "..", "istio-addon");
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern VARIABLE = Pattern.compile("\\$\\w+");
  private static final Pattern CHART =
      Pattern.compile("dataType: (\\w+)\\s+metrics:((?:\\s+- metricName: .*\\s+displayName: .*)+)");
  private static final Pattern CHART_METRIC = Pattern.compile("metricName: (\\w+)");
  private static final Pattern COMPARISON =
      Pattern.compile("\"(?:\\\\.|[^\"\\\\])*\"|\\{[^}]*}|[=!<>]=|[<>]");
  private static final Pattern MATCHER_OF_WHAT_WENT_WRONG =
      Pattern.compile(
          "\\b(?:outcome|reason|response_code|coverage|state)(?:=~|!~|!=|=)\"[^\"]*\",?");

  private AddonQueries() {}

  /** Of every panel, as for all namespaces and workloads and a minute. */
  static List<String> ofDashboards() throws IOException {
    List<String> expressions = new ArrayList<>();
    Path dashboards = ADDON.resolve("grafana/dashboards");
    try (DirectoryStream<Path> files = Files.newDirectoryStream(dashboards, "*.json")) {
      for (Path file : files) {
        try (InputStream dashboard = Files.newInputStream(file)) {
          for (JsonNode expression : JSON.readTree(dashboard).findValues("expr")) {
            String each = expression.asText().replace("$__rate_interval", "1m");
            expressions.add(VARIABLE.matcher(each).replaceAll(".*"));
          }
        }
      }
    }
    return expressions;
  }

  /** Of every chart that Kiali is configured to show, for bookinfo. */
  static List<String> ofKialiCharts() throws IOException {
    List<String> expressions = new ArrayList<>();
    Matcher chart = CHART.matcher(Files.readString(ADDON.resolve("kiali/kiali-cr.yaml")));
    while (chart.find()) {
      Matcher metric = CHART_METRIC.matcher(chart.group(2));
      while (metric.find()) {
        boolean isHistogram = chart.group(1).equals("histogram");
        String rate =
            "rate(%s{namespace=\"bookinfo\"}[1m])"
                .formatted(metric.group(1) + (isHistogram ? "_bucket" : ""));
        expressions.add(
            isHistogram
                ? "histogram_quantile(0.95, sum(" + rate + ") by (le))"
                : "sum(" + rate + ")");
      }
    }
    return expressions;
  }

  /**
   * An alert's expression that answers whether it is so, where the alert answers only if it is: its
   * comparisons answer 0 or 1, and what it has no past to compare with is compared with now.
   */
  static String withoutComparison(String alert) {
    Matcher comparison = COMPARISON.matcher(alert);
    StringBuilder expression = new StringBuilder();
    while (comparison.find()) {
      String found = comparison.group();
      boolean isText = found.startsWith("\"") || found.startsWith("{");
      comparison.appendReplacement(
          expression, Matcher.quoteReplacement(isText ? found : found + " bool"));
    }
    comparison.appendTail(expression);
    return expression.toString().replace(" unless ", " or ").replace(" offset 10m", "");
  }

  /** The same of anything, where an expression asks for what went wrong. */
  static String ofAllOutcomes(String expression) {
    return MATCHER_OF_WHAT_WENT_WRONG.matcher(expression).replaceAll("");
  }
}
