/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.history;

import dev.sidelight.correlator.CorrelatedRequest;
import dev.sidelight.correlator.DestinationService;
import dev.sidelight.correlator.Workload;
import java.util.Objects;

/**
 * Names an edge.
 *
 * @param source who calls
 * @param destination who answers
 * @param service what the calls named
 * @param protocol {@code http} or {@code grpc}
 */
public record HistoryEdge(
    Workload source, Workload destination, DestinationService service, String protocol) {

  private static final String MERGED = "other";
  private static final Workload MERGED_WORKLOAD =
      new Workload(MERGED, MERGED, MERGED, MERGED, MERGED);

  /** What calls beyond the bound on edges are merged into. */
  static final HistoryEdge OTHER =
      new HistoryEdge(
          MERGED_WORKLOAD, MERGED_WORKLOAD, new DestinationService(MERGED, MERGED, MERGED), MERGED);

  /** Rejects null. */
  public HistoryEdge {
    Objects.requireNonNull(source, "source");
    Objects.requireNonNull(destination, "destination");
    Objects.requireNonNull(service, "service");
    Objects.requireNonNull(protocol, "protocol");
  }

  static HistoryEdge of(CorrelatedRequest call) {
    return new HistoryEdge(
        call.source(), call.destination(), call.destinationService(), call.protocol());
  }
}
