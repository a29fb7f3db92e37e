/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.history;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Which edges a Prometheus is asked for; what is empty matches any.
 *
 * @param namespace of one end at least
 * @param sourceNamespace of who calls
 * @param sourceWorkload who calls
 * @param destinationNamespace of who answers
 * @param destinationWorkload who answers
 * @param protocol {@code http} or {@code grpc}
 */
public record PrometheusSelection(
    Optional<String> namespace,
    Optional<String> sourceNamespace,
    Optional<String> sourceWorkload,
    Optional<String> destinationNamespace,
    Optional<String> destinationWorkload,
    Optional<String> protocol) {

  private static final String SOURCE_NAMESPACE = "source_workload_namespace";
  private static final String DESTINATION_NAMESPACE = "destination_workload_namespace";

  /**
   * What a counter grew by in each step.
   *
   * @param more a matcher besides, empty for none
   */
  String increase(String metric, String more, int stepSeconds) {
    List<String> matchers = new ArrayList<>();
    add(matchers, SOURCE_NAMESPACE, sourceNamespace);
    add(matchers, "source_workload", sourceWorkload);
    add(matchers, DESTINATION_NAMESPACE, destinationNamespace);
    add(matchers, "destination_workload", destinationWorkload);
    add(matchers, "request_protocol", protocol);
    if (!more.isEmpty()) {
      matchers.add(more);
    }
    if (namespace.isEmpty()) {
      return increase(metric, matchers, stepSeconds);
    }
    // An edge with both ends in there is the same series in both, and counts once.
    return Stream.of(SOURCE_NAMESPACE, DESTINATION_NAMESPACE)
        .map(
            label -> {
              List<String> all = new ArrayList<>(matchers);
              add(all, label, namespace);
              return increase(metric, all, stepSeconds);
            })
        .reduce((first, second) -> first + " or " + second)
        .orElseThrow();
  }

  private static String increase(String metric, List<String> matchers, int stepSeconds) {
    return "increase(%s{%s}[%ds])".formatted(metric, String.join(",", matchers), stepSeconds);
  }

  /** Values come from who asks: quoted, they are nothing but a value. */
  private static void add(List<String> matchers, String label, Optional<String> value) {
    value.ifPresent(
        text ->
            matchers.add(
                label
                    + "=\""
                    + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n")
                    + "\""));
  }
}
