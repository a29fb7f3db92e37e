/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.graph;

import dev.sidelight.correlator.Workload;
import java.util.List;

/**
 * An edge over the graph's window.
 *
 * @param source who calls
 * @param destination who answers
 * @param protocol {@code http} or {@code grpc}
 * @param responses what the calls were answered
 * @param durations the calls' total durations
 */
public record GraphEdge(
    Workload source,
    Workload destination,
    String protocol,
    List<GraphResponse> responses,
    Durations durations) {

  /** Calls. */
  long requests() {
    return responses.stream().mapToLong(GraphResponse::requests).sum();
  }

  /**
   * Durations of the calls, nanoseconds; percentiles that are not known are negative.
   *
   * @param sumNanos their sum
   * @param p50Nanos median
   * @param p95Nanos 95th percentile
   * @param p99Nanos 99th percentile
   */
  public record Durations(long sumNanos, long p50Nanos, long p95Nanos, long p99Nanos) {}
}
