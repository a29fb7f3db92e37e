/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.edges;

import dev.sidelight.correlator.CorrelatedRequest;
import dev.sidelight.correlator.DestinationService;
import dev.sidelight.correlator.Workload;
import java.util.Comparator;
import java.util.Objects;

/**
 * Names an edge. Ordered by source, destination, service, protocol, so that answers are stable.
 *
 * @param source who calls
 * @param destination who answers
 * @param service what the calls named
 * @param protocol {@code http} or {@code grpc}
 */
public record EdgeKey(
    Workload source, Workload destination, DestinationService service, String protocol)
    implements Comparable<EdgeKey> {

  private static final String MERGED = "other";
  private static final Workload MERGED_WORKLOAD =
      new Workload(MERGED, MERGED, MERGED, MERGED, MERGED);

  /** What calls beyond the bound on edges are merged into. */
  public static final EdgeKey OTHER =
      new EdgeKey(
          MERGED_WORKLOAD, MERGED_WORKLOAD, new DestinationService(MERGED, MERGED, MERGED), MERGED);

  private static final Comparator<Workload> BY_NAME =
      Comparator.comparing(Workload::namespace)
          .thenComparing(Workload::workload)
          .thenComparing(Workload::cluster)
          .thenComparing(Workload::app)
          .thenComparing(Workload::version);
  private static final Comparator<EdgeKey> ORDER =
      Comparator.comparing(EdgeKey::source, BY_NAME)
          .thenComparing(EdgeKey::destination, BY_NAME)
          .thenComparing(key -> key.service().host())
          .thenComparing(EdgeKey::protocol);

  /** Rejects null. */
  public EdgeKey {
    Objects.requireNonNull(source, "source");
    Objects.requireNonNull(destination, "destination");
    Objects.requireNonNull(service, "service");
    Objects.requireNonNull(protocol, "protocol");
  }

  /** The edge that a call is on. */
  public static EdgeKey of(CorrelatedRequest call) {
    return new EdgeKey(
        call.source(), call.destination(), call.destinationService(), call.protocol());
  }

  @Override
  public int compareTo(EdgeKey other) {
    return ORDER.compare(this, other);
  }
}
