/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.correlator;

import dev.sidelight.correlator.CorrelatorMetrics.RecordOutcome;
import dev.sidelight.correlator.CorrelatorMetrics.RecordType;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Joins access log entries with exchanges, first in each pod, then across the mesh, and hands every
 * call to the sink exactly once. One thread. Bad records are counted and dropped, never thrown on.
 *
 * <p>A call is told once both proxies' entries and all six ends are there and have settled; or when
 * the window of its entry passes, with what there is then.
 */
public final class Correlator {

  /**
   * After its entry a call waits this long for the records of the app's own calls, which come up to
   * an idle flush later.
   */
  private static final long SETTLE_NANOS = 700_000_000;

  /** By then a caller's entry has come, and its proxy is known to log. */
  private static final long STRANGER_NANOS = 2 * SETTLE_NANOS;

  private static final String ATTEMPT = "attempt";

  private static final int MAX_PODS = 65_536;

  // deps
  private final CorrelatorSettings settings;
  private final CorrelatorMetrics metrics;
  private final Consumer<CorrelatedRequest> sink;
  private final ExchangeWindow exchanges;
  private final PodJoin podJoin;
  private final CallAssembler assembler;

  // state
  private final LegWindow legs;
  private final ToldStreams told;
  private final AttemptWindow attempts = new AttemptWindow();
  private final LeftAttempts leftAttempts = new LeftAttempts();
  private final Map<String, NodeClock> clockByNode = boundedMap();
  private final Map<String, String> nodeByPod = boundedMap();
  private final Set<String> loggingPods = Collections.newSetFromMap(boundedMap());
  private long nowNanos;

  /** A correlator that hands every finished call to the sink, on the caller's thread. */
  public Correlator(
      CorrelatorSettings settings, CorrelatorMetrics metrics, Consumer<CorrelatedRequest> sink) {
    this.settings = settings;
    this.metrics = metrics;
    this.sink = sink;
    this.exchanges = new ExchangeWindow(settings, metrics);
    this.podJoin = new PodJoin(exchanges);
    this.assembler = new CallAssembler(exchanges);
    this.legs = new LegWindow(SETTLE_NANOS, settings.windowNanos());
    this.told = new ToldStreams(settings.windowNanos());
  }

  /**
   * Takes an access log entry.
   *
   * @param nowNanos the caller's monotonic clock, the same as in {@link #advance}
   */
  public void onAccessLog(AccessLogEntry entry, long nowNanos) {
    metrics.received(RecordType.ENTRY, 1);
    makeRoomForEntry();
    loggingPods.add(entry.proxy().podAddress());
    if (entry.kind() == AccessLogEntry.Kind.UPSTREAM_END) {
      attempts.add(entry, nowNanos);
      return;
    }
    Leg leg = told.has(entry) ? null : legs.add(entry, nowNanos);
    if (leg == null) {
      metrics.ended(RecordType.ENTRY, RecordOutcome.DROPPED, "duplicate", 1);
    } else if (PodJoin.isOfStreams(entry)) {
      podJoin.enter(leg, clockOf(leg));
    }
  }

  /**
   * Takes a probe's record.
   *
   * @param nowNanos the caller's monotonic clock, the same as in {@link #advance}
   */
  public void onHop(HopRecord record, long nowNanos) {
    nodeByPod.put(record.podAddress(), record.node());
    exchanges.add(record, nowNanos);
  }

  /** Takes a measurement of a node's clocks. */
  public void onClockSample(String node, ClockSample sample) {
    clockByNode.computeIfAbsent(node, name -> new NodeClock()).add(sample);
  }

  /**
   * Lets time pass: tells the calls that are complete, and what the window ends for. Call it every
   * 100 ms or so.
   *
   * @param newNowNanos the caller's monotonic clock
   */
  public void advance(long newNowNanos) {
    nowNanos = newNowNanos;
    for (Leg leg = legs.due(nowNanos); leg != null; leg = legs.due(nowNanos)) {
      if (!leaveIfAttempt(leg)
          && (!resolveAnew(leg) || !(tellIfComplete(leg) || tellIfFromOutside(leg)))) {
        legs.postpone(leg);
      }
    }
    for (Leg leg = legs.past(nowNanos); leg != null; leg = legs.past(nowNanos)) {
      if (!resolve(leg) || !tellIfComplete(leg)) {
        tellAsIs(leg);
      }
    }
    int unclaimed = attempts.removeOlderThan(nowNanos - settings.windowNanos());
    if (unclaimed > 0) {
      metrics.ended(RecordType.ENTRY, RecordOutcome.EXPIRED, "no_stream", unclaimed);
    }
    leftAttempts.removeOlderThan(nowNanos - settings.windowNanos());
    exchanges.expire(nowNanos);
    told.advance(nowNanos);
    metrics.pending(RecordType.ENTRY, legs.size() + attempts.size());
  }

  private void makeRoomForEntry() {
    while (legs.size() + attempts.size() + leftAttempts.size() >= settings.maxPendingEntries()
        && leftAttempts.removeOldest()) {
      // they have been counted with their call
    }
    while (legs.size() + attempts.size() >= settings.maxPendingEntries()) {
      int dropped = attempts.removeOldest();
      if (dropped == 0 && legs.size() > 0) {
        drop(legs.oldest());
        dropped = 1;
      }
      metrics.ended(RecordType.ENTRY, RecordOutcome.DROPPED, "capacity", dropped);
    }
  }

  private void drop(Leg leg) {
    Leg twin = leg.twin;
    podJoin.forget(leg);
    legs.remove(leg);
    if (twin != null) {
      drop(twin);
    }
  }

  /** Whether the leg has all that it needs. */
  private boolean resolve(Leg leg) {
    if (!leg.isDecided() && (!leg.isResolved() || leg.isStale())) {
      PartialReason before = leg.reason;
      leg.release();
      podJoin.resolve(leg, clockOf(leg));
      leg.keepAmbiguity(before);
      leg.claim();
    }
    return leg.isResolved();
  }

  /** The same; what was preliminary is looked for again. */
  private boolean resolveAnew(Leg leg) {
    if (!leg.isDecided() && leg.isPreliminary()) {
      leg.refuseStream();
    }
    return resolve(leg);
  }

  private NodeClock clockOf(Leg leg) {
    return clockByNode.get(nodeByPod.getOrDefault(leg.entry.proxy().podAddress(), ""));
  }

  /** Tells the call of a leg that has all it needs, once the other one has so too. */
  private boolean tellIfComplete(Leg leg) {
    if (leg.isSource() && leg.isDirect()) {
      tellAsIs(leg);
      return true;
    }
    Leg other = otherLeg(leg);
    if (other == null) {
      return false;
    }
    Leg source = leg.isSource() ? leg : other;
    Leg destination = leg.isSource() ? other : leg;
    claimAttempts(source, destination);
    finish(assembler.full(source, destination, clockOf(source)), source, destination);
    return true;
  }

  /** What comes to a gateway from an address at which no proxy logs is told when it goes on. */
  private boolean tellIfFromOutside(Leg leg) {
    boolean goesOn = !leg.isSource() && leg.isGateway() && leg.isDecided();
    if (!goesOn
        || nowNanos - leg.receivedNanos < STRANGER_NANOS
        || loggingPods.contains(leg.entry.downstreamRemote().address())) {
      return false;
    }
    tellAsIs(leg);
    return true;
  }

  /** By the link's exchange; by the logs where it carries several streams at once, unseen. */
  private Leg otherLeg(Leg leg) {
    ExchangeEnd linkEnd = leg.isSource() ? leg.upstreamEnd() : leg.downstreamEnd();
    if (linkEnd == null) {
      Leg other = leg.isSource() ? legs.destinationByLog(leg) : legs.sourceByLog(leg);
      // A stream at the destination is waited for at the source too: it alone has the id.
      return other != null && resolve(other) && !other.isUnconfirmed() ? other : null;
    }
    Exchange link = exchanges.otherEnd(linkEnd);
    Leg other = link == null ? null : leg.isSource() ? link.destinationLeg : link.sourceLeg;
    if (other != null && linkEnd.isStream() && !hasIdOf(leg, other)) {
      // Where a destination's stream has no id, a neighbour's may have stood in for its own.
      (leg.isSource() ? other : leg).refuseStream();
      return null;
    }
    return other;
  }

  private static boolean hasIdOf(Leg one, Leg other) {
    return one.entry.requestId().equals(other.entry.requestId());
  }

  /** The window has passed: the call is told with what there is. */
  private void tellAsIs(Leg leg) {
    Leg source = leg.isSource() ? leg : legs.sourceByLog(leg);
    Leg destination = leg.isSource() ? legs.destinationByLog(leg) : leg;
    claimAttempts(source, destination);
    if (source != null && destination != null) {
      Leg other = leg.isSource() ? destination : source;
      if (resolve(other) && tellIfComplete(other)) {
        return; // its last record came after it was looked at
      }
    } else {
      legs.refuseByLog(leg);
    }
    if (source == null) {
      PartialReason reason = reasonWithoutSource(leg);
      finish(
          leg.isGateway()
              ? assembler.fromOutside(leg, reason, clockOf(leg))
              : assembler.destinationOnly(leg, reason, clockOf(leg)),
          null,
          destination);
    } else if (destination == null) {
      finish(assembler.sourceOnly(leg, reasonWithoutDestination(leg), clockOf(leg)), source, null);
    } else {
      finish(
          assembler.both(source, destination, reasonOfBoth(source, destination), clockOf(source)),
          source,
          destination);
    }
  }

  private static PartialReason reasonOfBoth(Leg source, Leg destination) {
    if (!source.isResolved()) {
      return source.reason;
    }
    if (source.upstream == null && destination.isUnconfirmed()) {
      return PartialReason.NO_SOURCE_UPSTREAM;
    }
    boolean linkByLog = source.upstream == null || destination.downstream == null;
    return destination.isResolved() && !linkByLog
        ? PartialReason.LINK_MISMATCH
        : destination.reason;
  }

  /**
   * What a call's figures take of the attempts: of a sidecar's to its own app they take nothing.
   */
  private void claimAttempts(Leg source, Leg destination) {
    if (source != null) {
      claimAttempts(source);
    }
    if (destination != null && destination.isGateway()) {
      claimAttempts(destination);
    }
  }

  private void claimAttempts(Leg leg) {
    if (leg.attempts.isEmpty() && !leg.isDecided()) {
      leg.attempts = attempts.takeFor(leg.entry);
      if (leg.twin != null) {
        leg.twin.attempts = leg.attempts;
      }
    }
  }

  private PartialReason reasonWithoutSource(Leg destination) {
    return nodeByPod.containsKey(destination.entry.downstreamRemote().address())
        ? PartialReason.NO_SOURCE_ENTRY
        : PartialReason.NO_SOURCE_PROXY;
  }

  private static PartialReason reasonWithoutDestination(Leg source) {
    return source.isDirect() ? PartialReason.NO_UPSTREAM : PartialReason.NO_DESTINATION_ENTRY;
  }

  private void finish(CorrelatedRequest call, Leg source, Leg destination) {
    if (source != null && destination != null && isContradicted(source, destination)) {
      metrics.peerContradicted();
    }
    RecordOutcome outcome =
        call.coverage() == Coverage.FULL ? RecordOutcome.CORRELATED : RecordOutcome.PARTIAL;
    String reason = call.coverage() == Coverage.FULL ? "" : call.reason().key();
    sink.accept(call);
    if (source != null && source.attempts.size() > 1) {
      leaveAttempts(source, destination);
    }
    leave(source, outcome, reason);
    leave(destination, outcome, reason);
  }

  /** What an entry tells of its peer is a claim; the peer's own entry knows who it is. */
  private static boolean isContradicted(Leg source, Leg destination) {
    return source.entry.upstreamPeer().contradicts(destination.entry.proxy().workload())
        || destination.entry.downstreamPeer().contradicts(source.entry.proxy().workload());
  }

  /**
   * What the destinations of a call's other attempts say of them is no call of its own. The last
   * attempt on the source's link is the one that the call tells of.
   */
  private void leaveAttempts(Leg source, Leg answered) {
    boolean isOwnPassed = false;
    for (int i = source.attempts.size() - 1; i >= 0; i--) {
      AccessLogEntry attempt = source.attempts.get(i);
      SocketAddress link = attempt.upstreamLocal();
      boolean isOwn = !isOwnPassed && link != null && link.equals(source.entry.upstreamLocal());
      isOwnPassed |= isOwn;
      if (link != null && !isOwn) {
        leaveAttempt(ReachedBy.of(attempt, source, answered), answered);
      }
    }
  }

  private void leaveAttempt(ReachedBy attempt, Leg answered) {
    for (Leg reached : legs.destinationsOf(attempt.entry())) {
      if (!reached.equals(answered) && attempt.reaches(reached.entry)) {
        leave(reached, RecordOutcome.PARTIAL, ATTEMPT);
        return;
      }
    }
    leftAttempts.add(attempt, nowNanos);
  }

  /** The call of the attempt that reached this destination has been told by another one's. */
  private boolean leaveIfAttempt(Leg leg) {
    if (leftAttempts.size() == 0 || leg.isSource() || !leftAttempts.has(leg.entry)) {
      return false;
    }
    resolve(leg);
    if (otherLeg(leg) != null) {
      return false;
    }
    leftAttempts.remove(leg.entry);
    leave(leg, RecordOutcome.PARTIAL, ATTEMPT);
    return true;
  }

  private void leave(Leg leg, RecordOutcome outcome, String reason) {
    if (leg == null) {
      return;
    }
    if (!leg.isSource()) {
      claimAttempts(leg);
    }
    if (leg.twin != null) {
      resolve(leg.twin); // before its exchanges are taken
      leg.twin.twinOutcome = outcome;
      leg.twin.twinReason = reason;
      metrics.ended(RecordType.ENTRY, outcome, reason, leg.attempts.size());
    } else if (!leg.isDecided()) {
      metrics.ended(RecordType.ENTRY, outcome, reason, 1 + leg.attempts.size());
    } else if (outcome == RecordOutcome.CORRELATED) {
      metrics.ended(RecordType.ENTRY, outcome, reason, 1);
    } else {
      metrics.ended(RecordType.ENTRY, leg.twinOutcome, leg.twinReason, 1);
    }
    exchanges.take(leg.downstream, outcome, reason);
    exchanges.take(leg.upstream, outcome, reason);
    exchanges.take(leg.appExchange, outcome, reason);
    podJoin.forget(leg);
    told.add(leg.entry);
    legs.remove(leg);
  }

  private static <V> Map<String, V> boundedMap() {
    return new LinkedHashMap<>(16, 0.75f, true) {
      @Override
      protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
        return size() > MAX_PODS;
      }
    };
  }
}
