/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.correlator;

import dev.sidelight.correlator.StreamEntries.StreamEntry;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Finds the stream of an access log entry on an HTTP/2 connection that carries several at once. One
 * thread.
 *
 * <p>Where the request id could be read, only streams that carry the entry's come into question,
 * else only those without one. Of these it is the last whose HEADERS were read before Envoy began
 * the stream; upstream, the first whose HEADERS were sent after Envoy had begun to send. HEADERS
 * that were read or sent at once are told apart by their order: the nth of them is the nth of their
 * entries, once there are as many of these.
 */
final class StreamJoin {

  /** How long after its read, or before its send, Envoy may stamp a stream. */
  private static final long REACH_NANOS = 2_000_000_000L;

  /**
   * A stream without a request id is taken only where its response was sent, or read, that close to
   * Envoy's stamp.
   */
  private static final long RESPONSE_NANOS = 100_000_000L;

  private static final Comparator<ExchangeEnd> BY_STREAM =
      Comparator.comparingInt(ExchangeEnd::http2StreamId);

  // state
  private final StreamEntries entries = new StreamEntries();

  /**
   * The leg waits from now on, so that others know of it before it is looked at itself: which
   * streams they find is decided by how many wait.
   *
   * @param startNanos when Envoy began the stream, CLOCK_MONOTONIC
   */
  void enter(Leg leg, long startNanos) {
    if (leg.entry.downstreamHttp2()) {
      enterDownstream(leg, startNanos);
    }
    if (leg.entry.upstreamHttp2() && !leg.isDirect()) {
      enterUpstream(leg, startNanos);
    }
  }

  private void enterDownstream(Leg leg, long startNanos) {
    if (leg.downstreamEntry == null && leg.twin != null) {
      leg.downstreamEntry = leg.twin.downstreamEntry;
    }
    if (leg.downstreamEntry == null) {
      ConnectionKey key =
          ConnectionKey.downstream(leg.entry.proxy().podAddress(), leg.entry.downstreamRemote());
      leg.downstreamEntry = entries.enter(key, leg.entry.requestId(), startNanos);
    }
  }

  private void enterUpstream(Leg leg, long startNanos) {
    AccessLogEntry entry = leg.entry;
    if (leg.upstreamEntry == null && leg.twin != null) {
      leg.upstreamEntry = leg.twin.upstreamEntry;
    }
    if (leg.upstreamEntry == null) {
      ConnectionKey key =
          ConnectionKey.upstream(
              entry.proxy().podAddress(), entry.upstreamLocal(), entry.upstreamRemote());
      leg.upstreamEntry =
          entries.enter(key, entry.requestId(), startNanos + entry.firstUpstreamTxNanos());
    }
  }

  /** The entry's stream downstream, or why there is none. */
  PartialReason findDownstream(Leg leg, ConnectionExchanges streams, long errorNanos) {
    enterDownstream(leg, leg.startNanos);
    Search search = new Search(streams, true, errorNanos);
    Exchange found = search.find(leg.downstreamEntry);
    if (found == null) {
      return search.isAmbiguous() ? PartialReason.AMBIGUOUS_STREAM : leg.missing(true);
    }
    ExchangeEnd end = found.acceptor();
    if (end.firstSendNanos() == 0) {
      return PartialReason.INCOMPLETE_EXCHANGE;
    }
    if (leg.startNanos > end.firstSendNanos() + errorNanos
        || !agrees(leg, found, end.lastSendNanos(), leg.entry.lastDownstreamTxNanos())) {
      return leg.missing(true);
    }
    leg.downstream = found;
    return PartialReason.NONE;
  }

  /** The entry's stream upstream, or why there is none. */
  PartialReason findUpstream(Leg leg, ConnectionExchanges streams, long errorNanos) {
    AccessLogEntry entry = leg.entry;
    enterUpstream(leg, leg.startNanos);
    Search search = new Search(streams, false, errorNanos);
    Exchange found = search.find(leg.upstreamEntry);
    if (found == null) {
      return search.isAmbiguous() ? PartialReason.AMBIGUOUS_STREAM : leg.missing(false);
    }
    if (found.initiator().lastReadNanos() == 0) {
      return PartialReason.INCOMPLETE_EXCHANGE;
    }
    if (!agrees(leg, found, found.initiator().lastReadNanos(), entry.lastUpstreamRxNanos())) {
      return leg.missing(false);
    }
    leg.upstream = found;
    return PartialReason.NONE;
  }

  /** The leg waits no longer. */
  void forget(Leg leg) {
    entries.leave(leg.downstreamEntry);
    entries.leave(leg.upstreamEntry);
    leg.downstreamEntry = null;
    leg.upstreamEntry = null;
  }

  /** Whether what can be read of the stream, or else its response's time, is the entry's. */
  private static boolean agrees(Leg leg, Exchange stream, long responseNanos, long stampNanos) {
    ExchangeEnd initiator = stream.initiator();
    ExchangeEnd acceptor = stream.acceptor();
    String method = initiator == null ? "" : initiator.method();
    int status = acceptor == null ? 0 : acceptor.status();
    if ((!method.isEmpty() && !method.equals(leg.entry.method()))
        || (status != 0 && leg.entry.responseCode() != 0 && status != leg.entry.responseCode())) {
      return false;
    }
    return !idOf(stream).isEmpty()
        || stampNanos == AccessLogEntry.ABSENT
        || Math.abs(responseNanos - leg.startNanos - stampNanos) <= RESPONSE_NANOS;
  }

  private static String idOf(Exchange stream) {
    return stream.initiator() == null ? "" : stream.initiator().requestId();
  }

  /** One look for one entry's stream, on one end of its connection. */
  private final class Search {
    private final ConnectionExchanges streams;
    private final boolean accepted;
    private final long errorNanos;
    private boolean ambiguous;

    Search(ConnectionExchanges streams, boolean accepted, long errorNanos) {
      this.streams = streams;
      this.accepted = accepted;
      this.errorNanos = errorNanos;
    }

    boolean isAmbiguous() {
      return ambiguous;
    }

    /** Null where none fits, or several do. */
    Exchange find(StreamEntry entry) {
      String id = idAmongStreams(entry);
      int at = nearest(entry.nanos(), id);
      if (at < 0) {
        return null;
      }
      List<Exchange> group = atOnceWith(at, id);
      List<StreamEntry> peers = entriesOf(at, id);
      int place = peers.indexOf(entry);
      if (group.isEmpty()) {
        return null;
      }
      if (place < 0 || peers.size() != group.size() || !isOrdered(peers)) {
        ambiguous = true;
        return null;
      }
      return group.get(place);
    }

    /** The id by which to look: the entry's where a stream in reach carries it, else none. */
    private String idAmongStreams(StreamEntry entry) {
      String id = entry.requestId();
      return !id.isEmpty() && nearest(entry.nanos(), id) >= 0 ? id : "";
    }

    /** The stream that a time belongs to, of those with an id; -1 where none is in reach. */
    private int nearest(long nanos, String id) {
      int step = accepted ? -1 : 1;
      int at =
          accepted
              ? streams.countUpTo(nanos + errorNanos) - 1
              : streams.countUpTo(nanos - errorNanos - 1);
      while (at >= 0
          && at < streams.size()
          && Math.abs(streams.timeAt(at) - nanos) <= REACH_NANOS) {
        if (idOf(streams.get(at)).equals(id)) {
          return at;
        }
        at += step;
      }
      return -1;
    }

    /**
     * Those that nobody has taken of the streams that went by in the same read or send, or in ones
     * so close that the clock's error does not tell which of them a stamp follows.
     */
    private List<Exchange> atOnceWith(int index, String id) {
      List<Exchange> group = new ArrayList<>(1);
      for (int at = firstAtOnce(index); at <= lastAtOnce(index); at++) {
        if (idOf(streams.get(at)).equals(id) && !streams.get(at).isTaken()) {
          group.add(streams.get(at));
        }
      }
      group.sort((one, other) -> BY_STREAM.compare(one.end(!accepted), other.end(!accepted)));
      return group;
    }

    private int firstAtOnce(int index) {
      int first = index;
      while (first > 0 && streams.timeAt(first) - streams.timeAt(first - 1) <= 2 * errorNanos) {
        first--;
      }
      return first;
    }

    private int lastAtOnce(int index) {
      int last = index;
      while (last + 1 < streams.size()
          && streams.timeAt(last + 1) - streams.timeAt(last) <= 2 * errorNanos) {
        last++;
      }
      return last;
    }

    /** The entries to which the same read or send belongs, in their order. */
    private List<StreamEntry> entriesOf(int index, String id) {
      ConnectionKey key = keyOf(index);
      int first = firstAtOnce(index);
      int last = lastAtOnce(index);
      long slack = accepted ? -errorNanos : errorNanos;
      long from =
          accepted
              ? streams.timeAt(first)
              : neighbour(first, id, -1, streams.timeAt(first) - REACH_NANOS) + 1;
      long to =
          accepted
              ? neighbour(last, id, 1, streams.timeAt(last) + REACH_NANOS)
              : streams.timeAt(last) + 1;
      List<StreamEntry> found = new ArrayList<>(1);
      for (StreamEntry entry : entries.between(key, from + slack, to + slack)) {
        if (idAmongStreams(entry).equals(id)) {
          found.add(entry);
        }
      }
      return found;
    }

    /** When the next stream with that id went by. */
    private long neighbour(int index, String id, int step, long otherwiseNanos) {
      for (int at = index + step; at >= 0 && at < streams.size(); at += step) {
        long nanos = streams.timeAt(at);
        if (Math.abs(nanos - streams.timeAt(index)) > REACH_NANOS) {
          break;
        }
        if (idOf(streams.get(at)).equals(id)) {
          return nanos;
        }
      }
      return otherwiseNanos;
    }

    private boolean isOrdered(List<StreamEntry> peers) {
      for (int i = 1; i < peers.size(); i++) {
        if (peers.get(i).nanos() == peers.get(i - 1).nanos()) {
          return false;
        }
      }
      return true;
    }

    private ConnectionKey keyOf(int index) {
      Exchange stream = streams.get(index);
      return ConnectionKey.of(stream.podAddress(), stream.end(!accepted));
    }
  }
}
