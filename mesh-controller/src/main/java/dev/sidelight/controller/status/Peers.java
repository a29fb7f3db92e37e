/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.status;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Who has streams open to one of the ingests, and who had, by name: proxies by node id, probes by
 * node. Bounded in names; who is away is forgotten after an hour. Any thread.
 */
public final class Peers {

  /** Names kept at the most; what is beyond is not kept. */
  static final int MOST = 4096;

  private static final long KEEP_MILLIS = 3_600_000;

  // deps
  private final InstantSource clock;
  // state
  private final Map<String, Peer> peers = new TreeMap<>();

  /** Nobody yet. */
  public Peers(InstantSource clock) {
    this.clock = clock;
  }

  /** One more stream of this one is open. */
  public synchronized void connected(String name) {
    Peer known = peers.get(name);
    if (known == null) {
      forget();
      if (peers.size() >= MOST) {
        return;
      }
    }
    peers.put(name, new Peer(name, known == null ? 1 : known.streams() + 1, clock.millis()));
  }

  /** One fewer. */
  public synchronized void gone(String name) {
    peers.computeIfPresent(
        name, (key, known) -> new Peer(name, Math.max(0, known.streams() - 1), clock.millis()));
  }

  /** All that are kept, by name. */
  public synchronized List<Peer> all() {
    forget();
    return new ArrayList<>(peers.values());
  }

  private void forget() {
    long before = clock.millis() - KEEP_MILLIS;
    peers.values().removeIf(peer -> !peer.isConnected() && peer.changedEpochMillis() < before);
  }

  /**
   * One of them.
   *
   * @param name node id or node
   * @param streams open
   * @param changedEpochMillis when the last one opened or ended
   */
  public record Peer(String name, int streams, long changedEpochMillis) {

    boolean isConnected() {
      return streams > 0;
    }
  }
}
