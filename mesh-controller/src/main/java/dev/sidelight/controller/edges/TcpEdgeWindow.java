/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.edges;

import dev.sidelight.correlator.DestinationService;
import dev.sidelight.correlator.TcpLogEntry;
import dev.sidelight.correlator.TcpTraffic;
import dev.sidelight.correlator.Workload;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Bytes of TCP connections by edge over the last quarter of an hour. They belong to the time at
 * which an access log told them. Any thread: entries of TCP are few.
 */
public final class TcpEdgeWindow {

  // deps
  private final InstantSource clock;
  private final int maxSeries;
  // state
  private final Map<Key, TcpSeconds> seconds = new ConcurrentHashMap<>();

  /**
   * An empty window.
   *
   * @param clock wall clock
   * @param maxSeries series held apart, at least 1, about 4 KB each; what comes beyond is merged
   *     under names that are all {@code other}
   */
  public TcpEdgeWindow(InstantSource clock, int maxSeries) {
    if (maxSeries < 1) {
      throw new IllegalArgumentException("maxSeries must be at least 1: " + maxSeries);
    }
    this.clock = clock;
    this.maxSeries = maxSeries;
  }

  /** Adds what has happened on a connection. */
  public void record(TcpTraffic traffic) {
    secondsOf(Key.of(traffic.entry()))
        .record(nowEpochSecond(), traffic.bytesReceived(), traffic.bytesSent());
  }

  private TcpSeconds secondsOf(Key key) {
    TcpSeconds known = seconds.get(key);
    if (known != null) {
      return known;
    }
    if (seconds.size() >= maxSeries) {
      forgetSilent();
    }
    boolean full = seconds.size() >= maxSeries;
    return seconds.computeIfAbsent(full ? key.merged() : key, added -> new TcpSeconds());
  }

  private void forgetSilent() {
    long before = nowEpochSecond() - EdgeWindow.MAX_WINDOW_SECONDS;
    seconds.values().removeIf(series -> series.newestEpochSecond() <= before);
  }

  /**
   * Bytes in the window, in no order. The source's proxy is believed where it told; what only the
   * destination's told stands for the callers without a proxy.
   *
   * @param windowSeconds length
   * @param lastEpochSecond its last second
   * @param idle whether series without bytes in the window are told as well, as long as they are
   *     held
   */
  public List<TcpEdge> edges(int windowSeconds, long lastEpochSecond, boolean idle) {
    Set<Pair> toldBySource = new HashSet<>();
    Map<Pair, Principals> principals = new ConcurrentHashMap<>();
    seconds
        .keySet()
        .forEach(
            key -> {
              if (key.ofSource()) {
                toldBySource.add(key.pair());
              } else if (!key.principals().equals(Principals.NONE)) {
                principals.put(key.pair(), key.principals());
              }
            });
    List<TcpEdge> edges = new ArrayList<>();
    seconds.forEach(
        (key, series) -> {
          long[] bytes = series.between(lastEpochSecond - windowSeconds + 1, lastEpochSecond);
          boolean again = !key.ofSource() && toldBySource.contains(key.pair());
          if (!again && (idle || bytes[0] + bytes[1] > 0)) {
            edges.add(key.edge(bytes, principals.getOrDefault(key.pair(), Principals.NONE)));
          }
        });
    return edges;
  }

  private long nowEpochSecond() {
    return Math.floorDiv(clock.millis(), 1000L);
  }

  /** Both proxies of a connection tell the same pair. */
  private record Pair(Workload source, Workload destination) {}

  /** A series, as Istio's labels would make one. */
  private record Key(
      Pair pair,
      DestinationService service,
      String responseFlags,
      boolean ofSource,
      Principals principals) {

    static Key of(TcpLogEntry entry) {
      return new Key(
          new Pair(entry.source(), entry.destination()),
          entry.destinationService(),
          entry.responseFlags(),
          entry.isOfSource(),
          new Principals(entry.sourcePrincipal(), entry.destinationPrincipal()));
    }

    Key merged() {
      return new Key(
          new Pair(EdgeKey.OTHER.source(), EdgeKey.OTHER.destination()),
          EdgeKey.OTHER.service(),
          EdgeKey.OTHER.protocol(),
          ofSource,
          Principals.NONE);
    }

    TcpEdge edge(long[] bytes, Principals principals) {
      return new TcpEdge(
          pair.source(),
          pair.destination(),
          service,
          responseFlags,
          bytes[0],
          bytes[1],
          principals);
    }
  }
}
