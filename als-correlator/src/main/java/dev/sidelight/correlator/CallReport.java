/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.correlator;

/**
 * Builds a {@link CorrelatedRequest} from its legs: who, what and layer 4. Used again for each
 * call.
 */
final class CallReport {

  // deps
  private final DestinationServices services = new DestinationServices();

  // state
  private Leg source;
  private Leg destination;
  private Coverage coverage;
  private PartialReason reason;
  private int flags;
  private long startEpochNanos;
  private LatencyBreakdown breakdown;

  /** Begins anew. One of the legs may be null. */
  CallReport of(Leg newSource, Leg newDestination, Coverage newCoverage, PartialReason newReason) {
    source = newSource;
    destination = newDestination;
    coverage = newCoverage;
    reason = newReason;
    flags = 0;
    startEpochNanos = told().startEpochNanos();
    return this;
  }

  /** Bits of {@link RequestFlag}. */
  CallReport flags(int bits) {
    flags = bits;
    return this;
  }

  CallReport startEpochNanos(long value) {
    startEpochNanos = value;
    return this;
  }

  CallReport breakdown(LatencyBreakdown value) {
    breakdown = value;
    return this;
  }

  CorrelatedRequest build() {
    AccessLogEntry entry = told();
    return new CorrelatedRequest(
        source == null ? destination.entry.downstreamPeer() : source.entry.proxy().workload(),
        destination == null
            ? UpstreamCluster.workload(source.entry)
            : destination.entry.proxy().workload(),
        services.of(entryOf(source), entryOf(destination)),
        entry.protocol(),
        entry.method(),
        entry.path(),
        entry.requestId(),
        traceparent(),
        entry.responseCode(),
        entry.responseFlags(),
        entry.bytesReceived(),
        entry.bytesSent(),
        destination == null ? "" : destination.entry.peerPrincipal(),
        destination == null ? "" : destination.entry.localPrincipal(),
        startEpochNanos,
        coverage,
        reason,
        RequestFlag.of(flags),
        breakdown,
        ends(),
        source != null && destination != null && source.isOnNodeOf(destination));
  }

  /** The source's proxy knows what the caller got; where there is none, the destination's. */
  private AccessLogEntry told() {
    return source == null ? destination.entry : source.entry;
  }

  /** Either proxy may have been told to log the header, or both. */
  private String traceparent() {
    String traceparent = told().traceparent();
    return traceparent.isEmpty() && destination != null
        ? destination.entry.traceparent()
        : traceparent;
  }

  private static AccessLogEntry entryOf(Leg leg) {
    return leg == null ? null : leg.entry;
  }

  private CallEnds ends() {
    boolean toGateway = destination != null && destination.isGateway();
    // Ends that are not of one exchange are not both this call's.
    boolean contradicted =
        reason == PartialReason.LINK_MISMATCH || reason == PartialReason.NEGATIVE_NETWORK;
    return new CallEnds(
        source == null ? null : source.app,
        source == null ? null : source.downstreamEnd(),
        source == null || contradicted ? null : source.upstreamEnd(),
        destination == null || contradicted ? null : destination.downstreamEnd(),
        destination == null || toGateway ? null : destination.upstreamEnd(),
        destination == null || toGateway ? null : destination.app);
  }
}
