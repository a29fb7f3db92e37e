/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.hop.http2;

import dev.sidelight.probe.event.WireRecord;
import dev.sidelight.probe.hop.EndAccounting;
import dev.sidelight.probe.hop.HopExchange;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.IntPredicate;

/**
 * Makes exchanges of the streams of all HTTP/2 connections of the node. The two ends of a
 * connection find each other by their positions: each received where the other sent. An end whose
 * peer does not come within a second goes on alone. Bounded: the end longest quiet is given up
 * first. One thread.
 */
public final class Http2Streams {
  private static final int ENDS_MAX = 4096;
  private static final long PEER_NANOS = 1_000_000_000L;
  private static final long LOOK_NANOS = 50_000_000L;

  private record Sent(boolean initiator, int position) {}

  // deps
  private final Consumer<StreamOutcome> outcomes;
  private final Http2Counters counters;
  private final IntPredicate keepsFields;

  // state: connections by the cookies of their ends, the longest quiet first
  private final Map<Long, Connection> connections = new LinkedHashMap<>(16, 0.75f, true);
  private final Map<Long, WaitingEnd> waiting = new LinkedHashMap<>();
  private final Map<Sent, WaitingEnd> waitingBySent = new HashMap<>();
  private final Map<Long, Long> closing = new LinkedHashMap<>();
  private long lookAtNanos = Long.MIN_VALUE;

  /**
   * Knows no connection yet.
   *
   * @param exchanges takes what leaves
   * @param accounting sees the ends that leave, and no others: a record of a connection is no end
   * @param counters of what could not be told
   * @param keepsFields whether, of a network namespace, headers themselves are wanted
   */
  public Http2Streams(
      Consumer<HopExchange> exchanges,
      EndAccounting accounting,
      Http2Counters counters,
      IntPredicate keepsFields) {
    this.outcomes = new StreamExchanges(exchanges, accounting);
    this.counters = counters;
    this.keepsFields = keepsFields;
  }

  /**
   * Takes a record; those of one end come in their order.
   *
   * @param record of an HTTP/2 connection
   * @param process executable's name of the socket's owner
   */
  public void accept(WireRecord record, String process, long nowNanos) {
    counters.chunk();
    Chunk chunk = Chunk.of(record, process);
    Connection connection = connections.get(chunk.cookie());
    if (connection != null) {
      connection.accept(chunk, nowNanos);
    } else {
      search(chunk, nowNanos);
    }
    if (chunk.isClosed()) {
      closing.putIfAbsent(chunk.cookie(), nowNanos + PEER_NANOS);
    }
    evict(nowNanos);
  }

  /** Lets go of what has waited long enough. */
  public void expire(long nowNanos) {
    if (nowNanos < lookAtNanos) {
      return;
    }
    lookAtNanos = nowNanos + LOOK_NANOS;
    for (WaitingEnd end : new ArrayList<>(waiting.values())) {
      if (nowNanos - end.sinceNanos() >= PEER_NANOS) {
        goAlone(end, nowNanos);
      }
    }
    connections.values().forEach(connection -> connection.expire(nowNanos));
    closing
        .entrySet()
        .removeIf(
            entry -> {
              boolean due = entry.getValue() <= nowNanos;
              if (due) {
                remove(entry.getKey(), nowNanos);
              }
              return due;
            });
  }

  /** Lets go of everything. */
  public void close() {
    new ArrayList<>(waiting.values()).forEach(end -> goAlone(end, Long.MAX_VALUE));
    new HashSet<>(connections.values()).forEach(Connection::close);
    connections.clear();
    closing.clear();
  }

  private void search(Chunk chunk, long nowNanos) {
    WaitingEnd end = waiting.computeIfAbsent(chunk.cookie(), cookie -> new WaitingEnd(nowNanos));
    end.add(chunk);
    WaitingEnd peer = peerOf(end);
    if (peer != null) {
      WaitingEnd initiator = end.isInitiator() ? end : peer;
      connect(initiator, initiator == end ? peer : end, nowNanos);
    } else if (end.isFull()) {
      goAlone(end, nowNanos);
    } else {
      end.sentPositions()
          .forEach(position -> waitingBySent.put(new Sent(end.isInitiator(), position), end));
    }
  }

  private WaitingEnd peerOf(WaitingEnd end) {
    for (int position : end.receivedPositions()) {
      WaitingEnd candidate = waitingBySent.get(new Sent(!end.isInitiator(), position));
      if (candidate != null && candidate.isPeerOf(end)) {
        return candidate;
      }
    }
    return null;
  }

  private void goAlone(WaitingEnd end, long nowNanos) {
    counters.alone();
    connect(end.isInitiator() ? end : null, end.isInitiator() ? null : end, nowNanos);
  }

  private void connect(WaitingEnd initiator, WaitingEnd acceptor, long nowNanos) {
    Chunk any = (initiator == null ? acceptor : initiator).first();
    Connection connection =
        new Connection(
            initiator == null ? null : initiator.first(),
            acceptor == null ? null : acceptor.first(),
            outcomes,
            counters,
            () -> keepsFields.test(any.record().netns()));
    for (WaitingEnd end : new WaitingEnd[] {initiator, acceptor}) {
      if (end != null) {
        forget(end);
        connections.put(end.first().cookie(), connection);
        end.chunks().forEach(chunk -> connection.accept(chunk, nowNanos));
      }
    }
  }

  private void forget(WaitingEnd end) {
    waiting.remove(end.first().cookie());
    end.sentPositions()
        .forEach(position -> waitingBySent.remove(new Sent(end.isInitiator(), position), end));
  }

  /** With one end gone, the streams of the connection leave. */
  private void remove(long cookie, long nowNanos) {
    WaitingEnd end = waiting.get(cookie);
    if (end != null) {
      goAlone(end, nowNanos);
    }
    Connection connection = connections.remove(cookie);
    if (connection != null) {
      connection.close();
    }
  }

  private void evict(long nowNanos) {
    while (connections.size() + waiting.size() > ENDS_MAX) {
      counters.evicted();
      Map<Long, ?> fullest = connections.isEmpty() ? waiting : connections;
      remove(fullest.keySet().iterator().next(), nowNanos);
    }
  }

  /** How many ends are known. */
  int endCount() {
    return connections.size() + waiting.size();
  }
}
