/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

/** Words for what edges and calls have in common. */
final class Calls {

  /** Roll-ups in the order in which they are told. */
  static final String[] ROLLUPS = {
    "sidecar", "network", "application", "kernel", "caller", "retry", "unknown"
  };

  private static final Map<String, Style> STYLES =
      Map.of(
          "sidecar", Style.MAGENTA,
          "network", Style.CYAN,
          "application", Style.GREEN,
          "unknown", Style.DIM);

  private Calls() {}

  static Style style(String rollup) {
    return STYLES.getOrDefault(rollup, Style.YELLOW);
  }

  /** SOURCE -> DESTINATION by their workloads. */
  static String edge(JsonNode edgeOrCall) {
    return edgeOrCall.at("/source/workload").asText()
        + " -> "
        + edgeOrCall.at("/destination/workload").asText();
  }

  /** NAMESPACE/WORKLOAD. */
  static String qualified(JsonNode workload) {
    return workload.path("namespace").asText() + "/" + workload.path("workload").asText();
  }

  /** Whether somebody means this workload by NAME or NAMESPACE/NAME, the name a workload's. */
  static boolean isWorkload(JsonNode workload, String wanted) {
    return wanted.equals(workload.path("workload").asText()) || wanted.equals(qualified(workload));
  }

  /** The same, the name an app's. */
  static boolean isApp(JsonNode workload, String wanted) {
    String app = workload.path("app").asText();
    return wanted.equals(app) || wanted.equals(workload.path("namespace").asText() + "/" + app);
  }

  /**
   * The roll-up with the largest share of an edge's time: who it was. Empty where none is known.
   */
  static String verdict(JsonNode edge) {
    String largest = "";
    double share = 0;
    for (String rollup : ROLLUPS) {
      double of = edge.path("shares").path(rollup).asDouble();
      if (of > share) {
        largest = rollup;
        share = of;
      }
    }
    return largest;
  }

  /** Share of calls that were seen in full; NaN where there is none. */
  static double fullShare(JsonNode coverage) {
    double calls = 0;
    for (JsonNode count : coverage) {
      calls += count.asDouble();
    }
    return coverage.path("full").asDouble() / calls;
  }
}
