/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.graph;

import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Kiali's parameters, as far as they are served; those that only choose among what is not there
 * (injectServiceNodes, appenders, rates, throughputType) are accepted and change nothing.
 *
 * @param namespaces whose edges
 * @param type what nodes stand for
 * @param durationSeconds window
 * @param lastEpochSecond the window's last second
 * @param responseTime which
 * @param boxedByApp whether versions of an app share a box
 */
record GraphQuery(
    Set<String> namespaces,
    GraphType type,
    int durationSeconds,
    long lastEpochSecond,
    ResponseTime responseTime,
    boolean boxedByApp) {

  private static final int MIN_SECONDS = 5;
  private static final int MAX_SECONDS = 900;
  private static final Pattern DURATION = Pattern.compile("(\\d{1,6})([smh])");
  private static final Pattern EPOCH_SECONDS = Pattern.compile("\\d{1,12}");
  private static final Set<String> BOXES = Set.of("app", "cluster", "namespace", "none");

  static GraphQuery parse(Map<String, String> parameters, long nowEpochSecond) {
    GraphType type = GraphType.of(parameters.getOrDefault("graphType", "workload"));
    return new GraphQuery(
        namespaces(parameters.getOrDefault("namespaces", "")),
        type,
        durationSeconds(parameters.getOrDefault("duration", "10m")),
        lastEpochSecond(parameters.get("queryTime"), nowEpochSecond),
        ResponseTime.of(parameters.getOrDefault("responseTime", "95")),
        boxedByApp(parameters.get("boxBy"), type));
  }

  private static Set<String> namespaces(String value) {
    Set<String> namespaces =
        Arrays.stream(value.split(",", -1))
            .map(String::strip)
            .filter(namespace -> !namespace.isEmpty())
            .collect(Collectors.toUnmodifiableSet());
    if (namespaces.isEmpty()) {
      throw new BadQueryException("namespaces must name at least one, like namespaces=bookinfo");
    }
    return namespaces;
  }

  private static int durationSeconds(String value) {
    Matcher matcher = DURATION.matcher(value);
    long seconds =
        matcher.matches() ? Long.parseLong(matcher.group(1)) * unitSeconds(matcher.group(2)) : 0;
    if (seconds < MIN_SECONDS || seconds > MAX_SECONDS) {
      throw new BadQueryException("duration must be from 5s to 15m, but was '" + value + "'");
    }
    return (int) seconds;
  }

  private static int unitSeconds(String unit) {
    return switch (unit) {
      case "h" -> 3600;
      case "m" -> 60;
      default -> 1;
    };
  }

  private static long lastEpochSecond(String queryTime, long nowEpochSecond) {
    if (queryTime == null) {
      return nowEpochSecond;
    }
    if (!EPOCH_SECONDS.matcher(queryTime).matches()) {
      throw new BadQueryException("queryTime must be Unix seconds, but was '" + queryTime + "'");
    }
    return Long.parseLong(queryTime);
  }

  /** Kiali boxes versions by app unless told otherwise. */
  private static boolean boxedByApp(String boxBy, GraphType type) {
    if (boxBy == null || boxBy.isEmpty()) {
      return type == GraphType.VERSIONED_APP;
    }
    Set<String> boxes = Set.of(boxBy.split(",", -1));
    if (!BOXES.containsAll(boxes)) {
      throw new BadQueryException(
          "boxBy must be of app, cluster, namespace, none, but was '" + boxBy + "'");
    }
    return boxes.contains("app") && type != GraphType.WORKLOAD;
  }
}
