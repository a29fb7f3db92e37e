/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.hop.http2;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * An end whose peer is not known yet: its chunks, and the positions by which its peer is found. One
 * thread.
 */
final class WaitingEnd {
  private static final int CHUNKS_MAX = 64;
  private static final int POSITIONS_MAX = 512;

  // state
  private final List<Chunk> chunks = new ArrayList<>();
  private final Set<Integer> sent = new HashSet<>();
  private final Set<Integer> received = new HashSet<>();
  private final long sinceNanos;

  WaitingEnd(long nowNanos) {
    sinceNanos = nowNanos;
  }

  void add(Chunk chunk) {
    chunks.add(chunk);
    if (sent.size() > POSITIONS_MAX || received.size() > POSITIONS_MAX) {
      return;
    }
    chunk.sends().forEach(send -> sent.add(send.position()));
    if (!chunk.sends().isEmpty()) {
      sent.add(chunk.record().sendEnd());
    }
    if (!chunk.arrivals().isEmpty()) {
      received.add(chunk.record().receiveStart());
    }
    chunk.arrivals().forEach(arrival -> received.add(arrival.position()));
    chunk.reads().forEach(read -> received.add(read.position()));
  }

  /** Whether each of the two received where the other sent. */
  boolean isPeerOf(WaitingEnd other) {
    return meet(sent, other.received) && meet(received, other.sent);
  }

  boolean isInitiator() {
    return chunks.get(0).isInitiator();
  }

  boolean isFull() {
    return chunks.size() >= CHUNKS_MAX;
  }

  List<Chunk> chunks() {
    return chunks;
  }

  Chunk first() {
    return chunks.get(0);
  }

  Set<Integer> sentPositions() {
    return sent;
  }

  Set<Integer> receivedPositions() {
    return received;
  }

  long sinceNanos() {
    return sinceNanos;
  }

  private static boolean meet(Set<Integer> one, Set<Integer> other) {
    return one.stream().anyMatch(other::contains);
  }
}
