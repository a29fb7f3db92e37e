/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.correlator;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The access log entries that wait for the rest of their call. They are looked at when they have
 * settled, again and again at growing distances, and a last time when the window passes; and found
 * by stream, and by link and request id. One thread. What has left is used again.
 */
final class LegWindow {

  // state
  private final LegQueue[] queues;
  private final LinkedTable<Leg> byStream = new StreamTable();
  private final LinkedTable<Leg> byCall = new CallTable();
  private Leg unused;
  private int size;

  /**
   * An empty window.
   *
   * @param settleNanos when an entry is looked at first, after its receipt
   * @param windowNanos when it is looked at last
   */
  LegWindow(long settleNanos, long windowNanos) {
    int early = 0;
    while (early < Long.SIZE && settleNanos << early < windowNanos) {
      early++;
    }
    queues = new LegQueue[early + 1];
    Arrays.setAll(
        queues, i -> new LegQueue(i < queues.length - 1 ? settleNanos << i : windowNanos));
  }

  /** Entries that wait. */
  int size() {
    return size;
  }

  /**
   * Null where the same entry waits already: two loggers wrote it. A gateway's has two legs, one
   * for each call that it tells of; this is the one that goes on.
   */
  Leg add(AccessLogEntry entry, long nowNanos) {
    if (isWaiting(entry)) {
      return null;
    }
    Leg leg = legOf(entry, nowNanos);
    add(leg);
    if (leg.isGateway() && leg.isSource()) {
      Leg arrival = legOf(entry, nowNanos);
      arrival.becomeArrivalOf(leg);
      add(arrival);
    }
    size++;
    return leg;
  }

  private void add(Leg leg) {
    queues[0].add(leg);
    leg.streamHash = streamHash(leg.entry);
    byStream.add(leg);
    SocketAddress link = linkOf(leg);
    if (link != null) {
      leg.callHash = callHash(link, leg.entry.requestId());
      byCall.add(leg);
    }
  }

  private Leg legOf(AccessLogEntry entry, long nowNanos) {
    if (unused == null) {
      return new Leg(entry, nowNanos);
    }
    Leg leg = unused;
    unused = leg.behind;
    leg.reset(entry, nowNanos);
    return leg;
  }

  /** One that is due to be looked at, the window not having passed; null where none is. */
  Leg due(long nowNanos) {
    for (int i = 0; i < queues.length - 1; i++) {
      Leg leg = queues[i].due(nowNanos);
      if (leg != null) {
        return leg;
      }
    }
    return null;
  }

  /** One whose window has passed; null where none has. */
  Leg past(long nowNanos) {
    return queues[queues.length - 1].due(nowNanos);
  }

  /** It was looked at in vain: it is due later. */
  void postpone(Leg leg) {
    int next = Arrays.asList(queues).indexOf(leg.queue) + 1;
    leg.queue.remove(leg);
    leg.postponed = true;
    queues[next].add(leg);
  }

  /** Takes it out, and lets go of all that it holds. */
  void remove(Leg leg) {
    leg.queue.remove(leg);
    byStream.remove(leg);
    if (linkOf(leg) != null) {
      byCall.remove(leg);
    }
    if (leg.twin == null) {
      size--;
    } else {
      leg.twin.twin = null;
    }
    leg.release();
    leg.clear();
    leg.behind = unused;
    unused = leg;
  }

  /** The longest waiting of all; null where none waits. */
  Leg oldest() {
    Leg oldest = null;
    for (LegQueue queue : queues) {
      Leg first = queue.first();
      if (first != null && (oldest == null || first.receivedNanos < oldest.receivedNanos)) {
        oldest = first;
      }
    }
    return oldest;
  }

  /**
   * By address, request id and time alone: the source's upstream connection is the destination's
   * downstream connection. Null where none fits.
   */
  Leg destinationByLog(Leg source) {
    return partnerByLog(source, source.entry.upstreamLocal());
  }

  /** The reverse of {@link #destinationByLog}. */
  Leg sourceByLog(Leg destination) {
    return partnerByLog(destination, destination.entry.downstreamRemote());
  }

  private Leg partnerByLog(Leg leg, SocketAddress link) {
    return link == null
        ? null
        : LogPairing.partner(leg, sourcesOf(leg, link), destinationsOf(leg, link));
  }

  /** The leg found no partner by log, and leaves. */
  void refuseByLog(Leg leg) {
    SocketAddress link = linkOf(leg);
    if (link != null) {
      LogPairing.refuse(leg, sourcesOf(leg, link), destinationsOf(leg, link));
    }
  }

  private List<Leg> sourcesOf(Leg leg, SocketAddress link) {
    return ofCall(link, leg.entry.requestId(), true);
  }

  private List<Leg> destinationsOf(Leg leg, SocketAddress link) {
    return ofCall(link, leg.entry.requestId(), false);
  }

  /** What waits of the destinations that one attempt of a request reached. */
  List<Leg> destinationsOf(AccessLogEntry attempt) {
    return attempt.upstreamLocal() == null
        ? List.of()
        : ofCall(attempt.upstreamLocal(), attempt.requestId(), false);
  }

  private List<Leg> ofCall(SocketAddress link, String requestId, boolean sources) {
    List<Leg> found = new ArrayList<>(1);
    int hash = callHash(link, requestId);
    for (Leg at = byCall.first(hash); at != null; at = byCall.next(at)) {
      if (at.isSource() == sources
          && link.equals(linkOf(at))
          && at.entry.requestId().equals(requestId)) {
        found.add(at);
      }
    }
    return found;
  }

  private static SocketAddress linkOf(Leg leg) {
    return leg.isSource() ? leg.entry.upstreamLocal() : leg.entry.downstreamRemote();
  }

  private boolean isWaiting(AccessLogEntry entry) {
    for (Leg at = byStream.first(streamHash(entry)); at != null; at = byStream.next(at)) {
      AccessLogEntry other = at.entry;
      if (other.startEpochNanos() == entry.startEpochNanos()
          && other.streamKey() == entry.streamKey()
          && other.downstreamRemote().equals(entry.downstreamRemote())
          && other.proxy().nodeId().equals(entry.proxy().nodeId())) {
        return true;
      }
    }
    return false;
  }

  /** Of what two entries of one stream have in common, whichever logger wrote them. */
  private static int streamHash(AccessLogEntry entry) {
    return 31 * Long.hashCode(entry.streamKey()) + Long.hashCode(entry.startEpochNanos());
  }

  /** Of what both entries of a call have in common. */
  private static int callHash(SocketAddress link, String requestId) {
    return 31 * (31 * requestId.hashCode() + link.port()) + link.address().hashCode();
  }

  private static final class StreamTable extends LinkedTable<Leg> {
    @Override
    int hashOf(Leg entry) {
      return entry.streamHash;
    }

    @Override
    Leg link(Leg entry) {
      return entry.streamLink;
    }

    @Override
    void setLink(Leg entry, Leg behind) {
      entry.streamLink = behind;
    }
  }

  /** By the link's address at the source, and the request id. */
  private static final class CallTable extends LinkedTable<Leg> {
    @Override
    int hashOf(Leg entry) {
      return entry.callHash;
    }

    @Override
    Leg link(Leg entry) {
      return entry.callLink;
    }

    @Override
    void setLink(Leg entry, Leg behind) {
      entry.callLink = behind;
    }
  }
}
