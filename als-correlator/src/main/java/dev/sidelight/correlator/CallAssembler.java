/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.correlator;

import static dev.sidelight.correlator.LatencyComponent.DESTINATION_SIDECAR;
import static dev.sidelight.correlator.LatencyComponent.DESTINATION_SIDECAR_CONNECT;
import static dev.sidelight.correlator.LatencyComponent.DESTINATION_SIDECAR_QUEUE;
import static dev.sidelight.correlator.LatencyComponent.DESTINATION_UNSPLIT;
import static dev.sidelight.correlator.LatencyComponent.LINK_UNSPLIT;
import static dev.sidelight.correlator.LatencyComponent.NETWORK;
import static dev.sidelight.correlator.LatencyComponent.REQUEST_TRANSFER;
import static dev.sidelight.correlator.LatencyComponent.RETRY;
import static dev.sidelight.correlator.LatencyComponent.SOURCE_SIDECAR;
import static dev.sidelight.correlator.LatencyComponent.SOURCE_SIDECAR_CONNECT;
import static dev.sidelight.correlator.LatencyComponent.SOURCE_SIDECAR_QUEUE;

import java.util.EnumSet;

/** Turns joined legs into a call: the latency arithmetic of the kernel's points. One thread. */
final class CallAssembler {

  /**
   * What the source's and the destination's durations may contradict one another by before the join
   * is refused.
   */
  private static final long NETWORK_ERROR_NANOS = 5_000;

  // deps
  private final ExchangeWindow exchanges;

  CallAssembler(ExchangeWindow exchanges) {
    this.exchanges = exchanges;
  }

  /**
   * A call with kernel and access log at both proxies, or with the reason why it must not be told
   * as one.
   */
  CorrelatedRequest full(Leg source, Leg destination, NodeClock clock) {
    SourcePath near = sourcePath(source);
    DestinationPath far = destinationPath(destination);
    if (!near.isComplete() || !far.isComplete()) {
      return alsOnly(source, destination, PartialReason.INCOMPLETE_EXCHANGE);
    }
    long networkNanos = near.upstreamNanos() - far.durationNanos();
    if (networkNanos < -NETWORK_ERROR_NANOS) {
      return alsOnly(source, destination, PartialReason.NEGATIVE_NETWORK);
    }
    EnumSet<RequestFlag> flags = flagsOf(source, destination);
    ComponentSums sums = new ComponentSums();
    far.addTo(sums);
    if (networkNanos < 0) {
      sums.takeFromLargest(-networkNanos);
    }
    if (networkNanos < 0 || near.isClamped() || far.isClamped()) {
      flags.add(RequestFlag.CLAMPED);
    }
    sums.add(NETWORK, Math.max(0, networkNanos));
    near.addTo(sums);
    splitSourceRequest(sums, source, near, clock);
    splitDestinationRequest(sums, destination, far);
    return CallReport.of(source, destination, Coverage.FULL, PartialReason.NONE)
        .flags(flags)
        .startEpochNanos(clock.toEpochNanos(near.startNanos()))
        .breakdown(sums.toBreakdown(upstreamWaitNanos(destination, far)))
        .build();
  }

  /** Both access logs, without the kernel's figures. */
  CorrelatedRequest alsOnly(Leg source, Leg destination, PartialReason reason) {
    EnumSet<RequestFlag> flags = flagsOf(source, destination);
    ComponentSums sums = new ComponentSums();
    if (AccessLogPath.addTo(sums, source.entry, destination.entry)) {
      flags.add(RequestFlag.CLAMPED);
    }
    return CallReport.of(source, destination, Coverage.ALS_ONLY, reason)
        .flags(flags)
        .breakdown(sums.toBreakdown(LatencyBreakdown.ABSENT))
        .build();
  }

  /** A call whose destination nobody tells of. */
  CorrelatedRequest sourceOnly(Leg source, PartialReason reason, NodeClock clock) {
    ComponentSums sums = new ComponentSums();
    CallReport report = CallReport.of(source, null, Coverage.ONE_SIDED, reason);
    SourcePath near = source.isResolved() ? sourcePath(source) : null;
    if (near != null && near.isComplete()) {
      near.addTo(sums);
      sums.add(LINK_UNSPLIT, near.upstreamNanos());
      splitSourceRequest(sums, source, near, clock);
      report.startEpochNanos(clock.toEpochNanos(near.startNanos()));
    } else {
      AccessLogPath.addSourceTo(sums, source.entry);
    }
    return report
        .flags(flagsOf(source))
        .breakdown(sums.toBreakdown(LatencyBreakdown.ABSENT))
        .build();
  }

  /** A call whose source nobody tells of. */
  CorrelatedRequest destinationOnly(Leg destination, PartialReason reason, NodeClock clock) {
    ComponentSums sums = new ComponentSums();
    CallReport report = CallReport.of(null, destination, Coverage.ONE_SIDED, reason);
    DestinationPath far = destination.isResolved() ? destinationPath(destination) : null;
    long waitNanos = LatencyBreakdown.ABSENT;
    if (far != null && far.isComplete()) {
      far.addTo(sums);
      splitDestinationRequest(sums, destination, far);
      waitNanos = upstreamWaitNanos(destination, far);
      report.startEpochNanos(clock.toEpochNanos(far.startNanos()));
    } else {
      AccessLogPath.addDestinationTo(sums, destination.entry);
    }
    return report.flags(flagsOf(destination)).breakdown(sums.toBreakdown(waitNanos)).build();
  }

  /**
   * What comes from outside to a gateway: the gateway is its destination, and what lies upstream of
   * it is another edge's.
   */
  CorrelatedRequest fromOutside(Leg gateway, NodeClock clock) {
    ComponentSums sums = new ComponentSums();
    CallReport report =
        CallReport.of(null, gateway, Coverage.ONE_SIDED, PartialReason.NO_SOURCE_PROXY);
    SourcePath path = gateway.isResolved() ? sourcePath(gateway) : null;
    if (path != null && path.isComplete()) {
      ComponentSums asSource = new ComponentSums();
      path.addTo(asSource);
      LatencyBreakdown own = asSource.toBreakdown(LatencyBreakdown.ABSENT);
      if (own.nanos(REQUEST_TRANSFER) != LatencyBreakdown.ABSENT) {
        sums.add(REQUEST_TRANSFER, own.nanos(REQUEST_TRANSFER));
      }
      sums.add(DESTINATION_SIDECAR_QUEUE, own.nanos(SOURCE_SIDECAR_QUEUE));
      sums.add(DESTINATION_SIDECAR, own.nanos(SOURCE_SIDECAR));
      sums.add(DESTINATION_UNSPLIT, path.upstreamNanos());
      report.startEpochNanos(clock.toEpochNanos(path.startNanos()));
    } else {
      AccessLogPath.addDestinationTo(sums, gateway.entry);
    }
    return report
        .flags(flagsOf(gateway))
        .breakdown(sums.toBreakdown(LatencyBreakdown.ABSENT))
        .build();
  }

  private static SourcePath sourcePath(Leg source) {
    return source.isGateway()
        ? SourcePath.ofGateway(source.downstreamEnd(), source.upstreamEnd())
        : SourcePath.ofSidecar(source.app, source.downstreamEnd(), source.upstreamEnd());
  }

  private static DestinationPath destinationPath(Leg destination) {
    return DestinationPath.of(
        destination.downstreamEnd(), destination.upstreamEnd(), destination.app);
  }

  private static void splitSourceRequest(
      ComponentSums sums, Leg source, SourcePath path, NodeClock clock) {
    long connectNanos = Math.min(ConnectWait.nanos(source), path.requestNanos());
    if (Retries.areSeen(source)) {
      long retryNanos = path.upstreamSendNanos() - Retries.startNanos(source, clock);
      sums.move(SOURCE_SIDECAR, RETRY, Math.min(retryNanos, path.requestNanos()));
      connectNanos = 0; // the last attempt's, within the retry
    }
    sums.move(SOURCE_SIDECAR, SOURCE_SIDECAR_CONNECT, connectNanos);
  }

  private static void splitDestinationRequest(
      ComponentSums sums, Leg destination, DestinationPath path) {
    long connectNanos = Math.min(ConnectWait.nanos(destination), path.requestNanos());
    sums.move(DESTINATION_SIDECAR, DESTINATION_SIDECAR_CONNECT, connectNanos);
  }

  private long upstreamWaitNanos(Leg destination, DestinationPath path) {
    return UpstreamWait.nanos(
        exchanges.outboundHops(
            destination.entry.proxy().podAddress(), destination.entry.requestId()),
        path.applicationStartNanos(),
        path.applicationEndNanos());
  }

  private static EnumSet<RequestFlag> flagsOf(Leg... legs) {
    EnumSet<RequestFlag> flags = EnumSet.noneOf(RequestFlag.class);
    for (Leg leg : legs) {
      if (leg.orderViolated) {
        flags.add(RequestFlag.ORDER_VIOLATED);
      }
      if (leg.entry.attemptCount() > 1 && !Retries.areSeen(leg)) {
        flags.add(RequestFlag.ATTEMPTS_UNSEEN);
      }
      if (leg.upstreamEnd() != null && ConnectWait.isOpenedFor(leg)) {
        flags.add(RequestFlag.NEW_CONNECTION);
      }
    }
    return flags;
  }
}
