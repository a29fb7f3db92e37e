/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.correlator;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The access log entries that wait for the rest of their call, found by link address and by
 * exchange. One thread.
 */
final class LegWindow {

  // state
  private final LinkedHashSet<Leg> byAge = new LinkedHashSet<>();
  private final Map<SocketAddress, List<Leg>> sourcesByLink = new HashMap<>();
  private final Map<SocketAddress, List<Leg>> destinationsByLink = new HashMap<>();
  private final IdentityHashMap<Exchange, Leg> destinationsByExchange = new IdentityHashMap<>();
  private final Set<StreamKey> streams = new HashSet<>();

  int size() {
    return byAge.size();
  }

  /** False where the same entry waits already: two loggers wrote it. */
  boolean add(Leg leg) {
    if (!streams.add(StreamKey.of(leg.entry))) {
      return false;
    }
    byAge.add(leg);
    if (linkOf(leg) != null) {
      index(leg).computeIfAbsent(linkOf(leg), key -> new ArrayList<>(2)).add(leg);
    }
    return true;
  }

  void remove(Leg leg) {
    byAge.remove(leg);
    streams.remove(StreamKey.of(leg.entry));
    List<Leg> list = linkOf(leg) == null ? null : index(leg).get(linkOf(leg));
    if (list != null && list.remove(leg) && list.isEmpty()) {
      index(leg).remove(linkOf(leg));
    }
    if (leg.downstream != null) {
      destinationsByExchange.remove(leg.downstream, leg);
    }
  }

  /** Notes that a destination's leg has found its exchanges. */
  void resolved(Leg leg) {
    if (!leg.isSource()) {
      destinationsByExchange.put(leg.downstream, leg);
    }
  }

  Leg destinationOf(Exchange link) {
    return destinationsByExchange.get(link);
  }

  /** Legs in the order of their receipt, at the time of the call. */
  List<Leg> snapshot() {
    return List.copyOf(byAge);
  }

  Leg oldest() {
    return byAge.iterator().next();
  }

  /**
   * By address, request id and time alone: the source's upstream connection is the destination's
   * downstream connection. Null where none fits.
   */
  Leg destinationByLog(Leg source) {
    return destinationsByLink.getOrDefault(source.entry.upstreamLocal(), List.of()).stream()
        .filter(destination -> fits(source.entry, destination.entry))
        .min(Comparator.comparingLong(leg -> distanceNanos(source.entry, leg.entry)))
        .orElse(null);
  }

  /** The reverse of {@link #destinationByLog}. */
  Leg sourceByLog(Leg destination) {
    return sourcesByLink.getOrDefault(destination.entry.downstreamRemote(), List.of()).stream()
        .filter(source -> fits(source.entry, destination.entry))
        .min(Comparator.comparingLong(leg -> distanceNanos(leg.entry, destination.entry)))
        .orElse(null);
  }

  private static boolean fits(AccessLogEntry source, AccessLogEntry destination) {
    long slackNanos = source.durationNanos() + 1_000_000_000L; // clocks of two nodes
    return source.requestId().equals(destination.requestId())
        && distanceNanos(source, destination) <= slackNanos;
  }

  private static long distanceNanos(AccessLogEntry source, AccessLogEntry destination) {
    long sentNanos = source.startEpochNanos() + Math.max(0, source.firstUpstreamTxNanos());
    return Math.abs(destination.startEpochNanos() - sentNanos);
  }

  private static SocketAddress linkOf(Leg leg) {
    return leg.isSource() ? leg.entry.upstreamLocal() : leg.entry.downstreamRemote();
  }

  private Map<SocketAddress, List<Leg>> index(Leg leg) {
    return leg.isSource() ? sourcesByLink : destinationsByLink;
  }

  private record StreamKey(
      String nodeId, SocketAddress downstreamRemote, String streamId, long startEpochNanos) {
    static StreamKey of(AccessLogEntry entry) {
      return new StreamKey(
          entry.proxy().nodeId(),
          entry.downstreamRemote(),
          entry.streamId(),
          entry.startEpochNanos());
    }
  }
}
