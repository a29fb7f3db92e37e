/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.correlator;

import java.util.Set;

/**
 * One call, joined. Immutable.
 *
 * @param source who called; {@link Workload#UNKNOWN} where nobody told
 * @param destination who answered
 * @param destinationService what the caller named; {@link DestinationService#UNKNOWN} where not
 *     told
 * @param protocol {@code http} or {@code grpc}
 * @param method request method
 * @param path path without query string
 * @param requestId x-request-id; apps forward it, so it names a chain of calls
 * @param traceparent the request's header of that name, not checked; empty where no access log told
 *     it
 * @param responseCode as the source's proxy saw it, 0 where there was no response
 * @param responseFlags Envoy's short names, {@code "-"} where none
 * @param requestBytes bytes on the wire of the request, headers with them, as that proxy received
 *     them; 0 where not told
 * @param responseBytes the same of the response, as it sent them
 * @param sourcePrincipal SPIFFE id that the source's proxy showed the destination's; empty where
 *     the connection between them was not mutual TLS, or nobody told
 * @param destinationPrincipal the same the other way
 * @param startEpochNanos wall clock of the call's first point
 * @param coverage how much was seen
 * @param reason why it is not full; {@link PartialReason#NONE} where it is
 * @param flags what a reader should know
 * @param breakdown the latency
 * @param ends the kernel's records of the call; each of them null where not seen
 * @param oneClock whether those of the source's and of the destination's pod are of one node's
 *     clock
 */
public record CorrelatedRequest(
    Workload source,
    Workload destination,
    DestinationService destinationService,
    String protocol,
    String method,
    String path,
    String requestId,
    String traceparent,
    int responseCode,
    String responseFlags,
    long requestBytes,
    long responseBytes,
    String sourcePrincipal,
    String destinationPrincipal,
    long startEpochNanos,
    Coverage coverage,
    PartialReason reason,
    Set<RequestFlag> flags,
    LatencyBreakdown breakdown,
    CallEnds ends,
    boolean oneClock) {

  /** Whether the proxies showed one another their certificates. */
  public boolean isMutualTls() {
    return !sourcePrincipal.isEmpty() && !destinationPrincipal.isEmpty();
  }

  /** A 5xx, or no response at all: Istio's and Kiali's notion of an error. */
  public boolean isError() {
    return responseCode == 0 || responseCode >= 500;
  }

  /** Layer 4 between source app and its sidecar; null where not seen. */
  public TransportFigures sourceHop() {
    return TransportFigures.of(ends.sourceApp(), ends.sourceDownstream());
  }

  /** Layer 4 between the proxies; null where not seen. */
  public TransportFigures link() {
    return TransportFigures.of(ends.sourceUpstream(), ends.destinationDownstream());
  }

  /** Layer 4 between sidecar and destination app; null where not seen. */
  public TransportFigures destinationHop() {
    return TransportFigures.of(ends.destinationUpstream(), ends.destinationApp());
  }
}
