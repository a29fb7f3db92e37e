/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.graph;

import dev.sidelight.correlator.DestinationService;
import dev.sidelight.correlator.Workload;
import java.util.List;
import java.util.Map;

/**
 * Calls between two workloads in the window.
 *
 * @param source who called
 * @param destination who answered
 * @param service what the caller named
 * @param protocol {@code http} or {@code grpc}
 * @param responses by code and flags; none where there was no call
 * @param requestBytes bytes of requests
 * @param responseBytes bytes of responses
 * @param mutualTlsRequests calls under mutual TLS
 * @param principals of the two proxies
 * @param total the calls' durations
 * @param parts durations of the parts that were measured; empty where not asked for
 */
public record GraphEdge(
    Workload source,
    Workload destination,
    DestinationService service,
    String protocol,
    List<GraphResponse> responses,
    long requestBytes,
    long responseBytes,
    long mutualTlsRequests,
    GraphPrincipals principals,
    GraphDurations total,
    Map<HopPart, GraphDurations> parts) {

  /** Calls. */
  long requests() {
    return responses.stream().mapToLong(GraphResponse::requests).sum();
  }
}
