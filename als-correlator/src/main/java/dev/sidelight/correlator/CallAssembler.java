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

/** Turns joined legs into a call: the latency arithmetic of the kernel's points. One thread. */
final class CallAssembler {

  /**
   * What the source's and the destination's durations may contradict one another by before the join
   * is refused.
   */
  private static final long NETWORK_ERROR_NANOS = 5_000;

  // deps
  private final ExchangeWindow exchanges;

  // state: of the call that is put together now
  private final SourcePath sourcePath = new SourcePath();
  private final DestinationPath destinationPath = new DestinationPath();
  private final ComponentSums sums = new ComponentSums();
  private final CallReport report = new CallReport();

  CallAssembler(ExchangeWindow exchanges) {
    this.exchanges = exchanges;
  }

  /**
   * A call with kernel and access log at both proxies, or with the reason why it must not be told
   * as one.
   */
  CorrelatedRequest full(Leg source, Leg destination, NodeClock clock) {
    return both(source, destination, PartialReason.NONE, clock);
  }

  /**
   * A call of which both proxies tell. Each proxy's part is the kernel's where it was seen, else
   * the access log's.
   *
   * @param reason why not all was seen; {@link PartialReason#NONE} where it was
   */
  CorrelatedRequest both(Leg source, Leg destination, PartialReason reason, NodeClock clock) {
    if (destination.linkByLog && source.upstream != null) {
      source.distrustLink();
    }
    SourcePath near = sourcePath.take(source) ? sourcePath : null;
    DestinationPath far = destinationPath.take(destination) ? destinationPath : null;
    if (reason == PartialReason.LINK_MISMATCH || (near == null && far == null)) {
      return alsOnly(source, destination, orIncomplete(reason));
    }
    boolean linkSeen = source.upstream != null && destination.downstream != null;
    if (linkSeen && !isOneExchange(source.upstreamEnd(), destination.downstreamEnd())) {
      return alsOnly(source, destination, PartialReason.LINK_MISMATCH);
    }
    long waitedNanos =
        near == null ? AccessLogPath.upstreamNanos(source.entry) : near.upstreamNanos();
    long spentNanos =
        far == null
            ? Math.min(waitedNanos, AccessLogPath.totalNanos(destination.entry))
            : far.durationNanos();
    long betweenNanos = waitedNanos - spentNanos;
    if (betweenNanos < -NETWORK_ERROR_NANOS) {
      return alsOnly(
          source,
          destination,
          near != null && near.isAnsweredEarly()
              ? PartialReason.EARLY_RESPONSE
              : PartialReason.NEGATIVE_NETWORK);
    }
    boolean measured = near != null && far != null;
    LatencyComponent link = measured && isQueueKnown(source, destination) ? NETWORK : LINK_UNSPLIT;
    sums.clear();
    addDestination(sums, destination, far, spentNanos, link);
    if (betweenNanos < 0) {
      sums.takeFromLargest(-betweenNanos);
    }
    sums.add(link, Math.max(0, betweenNanos));
    addSource(sums, source, near, link);
    if (measured && far.isLinkFull() && near.heldOnLinkNanos() > 0) {
      // The link itself, or the app that its bytes are for: the records do not tell.
      sums.move(NETWORK, LINK_UNSPLIT, near.heldOnLinkNanos());
    }
    int flags = flagsOf(source) | flagsOf(destination);
    if (betweenNanos < 0
        || (near != null && near.isClamped())
        || (far != null && far.isClamped())) {
      flags |= RequestFlag.CLAMPED.bit();
    }
    PartialReason why = measured ? reason : orIncomplete(reason);
    report.of(
        source, destination, why == PartialReason.NONE ? Coverage.FULL : Coverage.ALS_ONLY, why);
    if (near != null) {
      report.startEpochNanos(clock.toEpochNanos(near.startNanos()));
    }
    return report
        .flags(flags)
        .breakdown(sums.toBreakdown(upstreamWaitNanos(destination, far)))
        .build();
  }

  private static PartialReason orIncomplete(PartialReason reason) {
    return reason == PartialReason.NONE ? PartialReason.INCOMPLETE_EXCHANGE : reason;
  }

  /** Whether the two ends of a link are of one exchange, by position, and of one stream. */
  private static boolean isOneExchange(ExchangeEnd initiator, ExchangeEnd acceptor) {
    return initiator.requestEnd() == acceptor.requestEnd()
        && initiator.responseEnd() == acceptor.responseEnd()
        && initiator.http2StreamId() == acceptor.http2StreamId();
  }

  /**
   * Whether what lies between the proxies is free of the time that data waited in their sockets.
   */
  private static boolean isQueueKnown(Leg source, Leg destination) {
    return SocketPoints.upstream(source).queueKnown()
        && SocketPoints.downstream(destination).queueKnown();
  }

  private static void addSource(
      ComponentSums sums, Leg source, SourcePath near, LatencyComponent link) {
    if (near == null) {
      sums.add(
          SOURCE_SIDECAR,
          AccessLogPath.totalNanos(source.entry) - AccessLogPath.upstreamNanos(source.entry));
    } else {
      near.addTo(sums);
      splitSourceRequest(sums, source, near, link);
    }
  }

  private static void addDestination(
      ComponentSums sums,
      Leg destination,
      DestinationPath far,
      long spentNanos,
      LatencyComponent link) {
    if (far == null) {
      long unsplitNanos = Math.min(AccessLogPath.upstreamNanos(destination.entry), spentNanos);
      sums.add(DESTINATION_SIDECAR, spentNanos - unsplitNanos);
      sums.add(DESTINATION_UNSPLIT, unsplitNanos);
    } else {
      far.addTo(sums);
      splitDestinationRequest(sums, destination, far.requestNanos(), far.upstreamSendNanos());
      splitDestinationResponse(sums, far, link);
    }
  }

  /** Both access logs, without the kernel's figures. */
  private CorrelatedRequest alsOnly(Leg source, Leg destination, PartialReason reason) {
    int flags = flagsOf(source) | flagsOf(destination);
    sums.clear();
    if (AccessLogPath.addTo(sums, source.entry, destination.entry)) {
      flags |= RequestFlag.CLAMPED.bit();
    }
    return report
        .of(source, destination, Coverage.ALS_ONLY, reason)
        .flags(flags)
        .breakdown(sums.toBreakdown(LatencyBreakdown.ABSENT))
        .build();
  }

  /** A call whose destination nobody tells of. */
  CorrelatedRequest sourceOnly(Leg source, PartialReason reason, NodeClock clock) {
    sums.clear();
    report.of(source, null, Coverage.ONE_SIDED, reason);
    SourcePath near = sourcePath.take(source) ? sourcePath : null;
    if (near != null) {
      near.addTo(sums);
      if (!source.isDirect()) {
        sums.add(LINK_UNSPLIT, near.upstreamNanos());
      }
      splitSourceRequest(sums, source, near, LINK_UNSPLIT);
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
    sums.clear();
    report.of(null, destination, Coverage.ONE_SIDED, reason);
    DestinationPath far = destinationPath.take(destination) ? destinationPath : null;
    long waitNanos = LatencyBreakdown.ABSENT;
    if (far != null) {
      far.addTo(sums);
      splitDestinationRequest(sums, destination, far.requestNanos(), far.upstreamSendNanos());
      splitDestinationResponse(sums, far, LINK_UNSPLIT);
      waitNanos = upstreamWaitNanos(destination, far);
      report.startEpochNanos(clock.toEpochNanos(far.startNanos()));
    } else {
      AccessLogPath.addDestinationTo(sums, destination.entry);
    }
    return report.flags(flagsOf(destination)).breakdown(sums.toBreakdown(waitNanos)).build();
  }

  /**
   * What comes to a gateway from where nobody tells of it: the gateway is its destination, and what
   * lies upstream of it is another edge's.
   */
  CorrelatedRequest fromOutside(Leg gateway, PartialReason reason, NodeClock clock) {
    sums.clear();
    report.of(null, gateway, Coverage.ONE_SIDED, reason);
    SourcePath path = sourcePath.take(gateway) ? sourcePath : null;
    if (path != null) {
      ComponentSums asSource = new ComponentSums();
      path.addTo(asSource);
      LatencyBreakdown own = asSource.toBreakdown(LatencyBreakdown.ABSENT);
      if (own.nanos(REQUEST_TRANSFER) != LatencyBreakdown.ABSENT) {
        sums.add(REQUEST_TRANSFER, own.nanos(REQUEST_TRANSFER));
      }
      sums.add(DESTINATION_SIDECAR_QUEUE, own.nanos(SOURCE_SIDECAR_QUEUE));
      sums.add(DESTINATION_SIDECAR, own.nanos(SOURCE_SIDECAR));
      if (!gateway.isDirect()) {
        sums.add(DESTINATION_UNSPLIT, path.upstreamNanos());
        splitDestinationRequest(sums, gateway, path.requestNanos(), path.upstreamSendNanos());
      }
      report.startEpochNanos(clock.toEpochNanos(path.startNanos()));
    } else {
      AccessLogPath.addDestinationTo(sums, gateway.entry);
    }
    return report
        .flags(flagsOf(gateway))
        .breakdown(sums.toBreakdown(LatencyBreakdown.ABSENT))
        .build();
  }

  private static void splitSourceRequest(
      ComponentSums sums, Leg source, SourcePath path, LatencyComponent link) {
    long connectNanos = Math.min(ConnectWait.nanos(source), path.requestNanos());
    long retryNanos = 0;
    if (Retries.areSeen(source)) {
      long sinceFirstNanos = path.upstreamSendNanos() - Retries.startNanos(source);
      retryNanos = Math.max(0, Math.min(sinceFirstNanos, path.requestNanos()));
      sums.move(SOURCE_SIDECAR, RETRY, retryNanos);
      connectNanos = 0; // the last attempt's, within the retry
    }
    if (connectNanos != LatencyBreakdown.ABSENT) {
      sums.move(SOURCE_SIDECAR, SOURCE_SIDECAR_CONNECT, connectNanos);
    }
    if (path.isLinkFull()) {
      long waitedNanos = retryNanos + Math.max(0, connectNanos);
      sums.move(SOURCE_SIDECAR, link, path.requestNanos() - waitedNanos);
    }
  }

  /** What a gateway's attempts waited for one another lies beyond it. */
  private static void splitDestinationRequest(
      ComponentSums sums, Leg destination, long requestNanos, long upstreamSendNanos) {
    long connectNanos = Math.min(ConnectWait.nanos(destination), requestNanos);
    if (destination.isGateway() && Retries.areSeen(destination)) {
      long retryNanos = upstreamSendNanos - Retries.startNanos(destination);
      sums.move(DESTINATION_SIDECAR, DESTINATION_UNSPLIT, Math.min(retryNanos, requestNanos));
      connectNanos = 0; // the last attempt's, within the retry
    }
    if (connectNanos != LatencyBreakdown.ABSENT) {
      sums.move(DESTINATION_SIDECAR, DESTINATION_SIDECAR_CONNECT, connectNanos);
    }
  }

  /** What a proxy had read and could not send for want of room is the link's. */
  private static void splitDestinationResponse(
      ComponentSums sums, DestinationPath path, LatencyComponent link) {
    if (path.isLinkFull()) {
      sums.move(DESTINATION_SIDECAR, link, path.responseNanos());
    }
  }

  private long upstreamWaitNanos(Leg destination, DestinationPath path) {
    if (path == null || !path.hasApplication()) {
      return LatencyBreakdown.ABSENT;
    }
    return UpstreamWait.nanos(
        exchanges.outboundHops(
            destination.entry.proxy().podAddress(), destination.entry.requestId()),
        path.applicationStartNanos(),
        path.applicationEndNanos());
  }

  /** Bits of {@link RequestFlag}. */
  private static int flagsOf(Leg leg) {
    int flags = leg.orderViolated ? RequestFlag.ORDER_VIOLATED.bit() : 0;
    if (leg.entry.attemptCount() > 1 && !Retries.areSeen(leg)) {
      flags |= RequestFlag.ATTEMPTS_UNSEEN.bit();
    }
    if (leg.linkByLog || leg.farSideByLog) {
      flags |= RequestFlag.LINK_BY_ALS.bit();
    }
    if (leg.waitedAtApp() || leg.waitedDownstream() || leg.waitedUpstream()) {
      flags |= RequestFlag.FLOW_CONTROLLED.bit();
    }
    return ConnectWait.isOpenedFor(leg) ? flags | RequestFlag.NEW_CONNECTION.bit() : flags;
  }
}
