/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.transport;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Keeps what each connection had carried when it was last counted, and adds what it grew by to its
 * series. The two ends of a hop know each other by their initial sequence numbers, whatever was
 * done to addresses and ports; since one may be reported before the other, a connection waits for
 * one pass before it is taken for one to elsewhere. Thread-safe.
 */
public final class ConnectionTable {
  /** Of about 700 bytes each. */
  static final int CONNECTIONS_MAX = 8192;

  private static final int TOLD_MAX = 2 * CONNECTIONS_MAX;
  private static final long GONE_NANOS = TimeUnit.MINUTES.toNanos(10);
  private static final byte[] UNSEEN = {};

  private record Sequences(int netns, int send, int receive) {

    static Sequences of(ConnectionRecord record) {
      return new Sequences(record.netns(), record.sendIsn(), record.receiveIsn());
    }

    /** Those of the other end. */
    Sequences mirrored() {
      return new Sequences(netns, /* send= */ receive, /* receive= */ send);
    }
  }

  private record DropKey(long cookie, int netns, String reason) {}

  // deps
  private final PodNames pods;
  private final LongSupplier nanoTime;

  // state
  private final SeriesTable series;
  private final GrowthTable growth;
  private final Map<Long, Connection> connections = new LinkedHashMap<>(64, 0.75f, true);
  private final Map<Sequences, Connection> bySequences = new LinkedHashMap<>();
  private final Map<Long, Connection> pending = new LinkedHashMap<>();
  private final Map<DropKey, Long> drops = new LinkedHashMap<>();
  private final Map<Long, Protocol> told = new ConcurrentHashMap<>();
  private final List<PodConnections> watches = new ArrayList<>();
  private List<Connection> leaving = new ArrayList<>();
  private long evicted;
  private long refused;
  private Map<String, Long> kernelLosses = Map.of();

  /**
   * An empty table.
   *
   * @param seriesMax how many series there may be
   * @param pods who is who
   * @param nanoTime monotonic nanoseconds
   */
  public ConnectionTable(int seriesMax, PodNames pods, LongSupplier nanoTime) {
    this.pods = pods;
    this.nanoTime = nanoTime;
    series = new SeriesTable(seriesMax);
    growth = new GrowthTable(seriesMax);
  }

  /** Takes a record of a connection; what is not of this version is counted only. */
  public synchronized void accept(byte[] bytes) {
    ConnectionRecord record;
    try {
      record = ConnectionRecord.of(bytes);
    } catch (IllegalArgumentException e) {
      refused++;
      return;
    }
    Connection connection = connections.get(record.cookie());
    if (connection == null) {
      connection = new Connection(record);
      connections.put(record.cookie(), connection);
    }
    connection.latest = record;
    if (record.hasSequences()) {
      bySequences.put(Sequences.of(record), connection);
    }
    pending.put(record.cookie(), connection);
    evict();
  }

  /** Somebody has read what a connection speaks; any thread. */
  public void told(long cookie, Protocol protocol) {
    if (told.get(cookie) != protocol && told.size() < TOLD_MAX) {
      told.put(cookie, protocol);
    }
  }

  /**
   * Takes how many packets were dropped since the kernel began to count.
   *
   * @param cookie the connection, or 0
   * @param reason the kernel's name
   * @return whether the connection is known, so that the kernel must go on counting there
   */
  public synchronized boolean drop(long cookie, int netns, String reason, long packets) {
    DropKey key = new DropKey(cookie, netns, reason);
    long grown = packets - drops.getOrDefault(key, 0L);
    Connection connection = connections.get(cookie);
    if (grown > 0) {
      GrowthKey whose = connection == null ? unconnected(netns) : keyOf(connection);
      count(whose, each -> each.drop(reason, grown, netns, nanoTime.getAsLong()));
      long known = connection == null ? 0 : cookie;
      watches.forEach(watch -> watch.dropped(known, netns, reason, grown));
    }
    boolean remains = cookie == 0 || connection != null || grown > 0;
    if (remains) {
      drops.put(key, packets);
    } else {
      drops.remove(key);
    }
    return remains;
  }

  /** Ends a pass: counts what was taken, and forgets connections that ended before it. */
  public synchronized void settle() {
    long now = nanoTime.getAsLong();
    leaving.forEach(this::forget);
    leaving = new ArrayList<>();
    Iterator<Connection> each = pending.values().iterator();
    while (each.hasNext()) {
      Connection connection = each.next();
      Connection peer = peerOf(connection);
      if (peer == null && !connection.waited) {
        connection.waited = true;
        continue;
      }
      each.remove();
      identify(connection, peer);
      count(connection.key, one -> one.add(connection.latest, connection.counted, now));
      connection.counted = connection.latest;
      if (connection.latest.isFinal()) {
        leaving.add(connection);
      }
    }
    if (told.size() > TOLD_MAX / 2) {
      // Those told of after their end.
      told.keySet().retainAll(connections.keySet());
    }
    series.expire(pods::isPresent, now - GONE_NANOS);
  }

  /**
   * Looks at a pod's connections each by itself, from now on until that is closed.
   *
   * @param netns the pod
   * @param connectionsMax how many are told at a time
   */
  public synchronized PodConnections watch(int netns, int connectionsMax) {
    PodConnections watch = new PodConnections(this, netns, connectionsMax);
    watch.begin(connections.values());
    watches.add(watch);
    return watch;
  }

  synchronized void unwatch(PodConnections watch) {
    watches.remove(watch);
  }

  /** To be looked at under this table's lock. */
  Collection<Connection> connections() {
    return connections.values();
  }

  /** Takes what the kernel lost, in all, by reason. */
  public synchronized void kernelLost(Map<String, Long> byReason) {
    kernelLosses = Map.copyOf(byReason);
  }

  /** What was lost sight of, by reason. */
  synchronized Map<String, Long> losses() {
    Map<String, Long> losses = new TreeMap<>(kernelLosses);
    losses.put("table_full", evicted);
    losses.put("parse", refused);
    return losses;
  }

  /** How many connections are known. */
  synchronized int connectionCount() {
    return connections.size();
  }

  SeriesTable series() {
    return series;
  }

  /** Whether {@link #takeGrowth} would give something. */
  public synchronized boolean hasGrown() {
    return !growth.isEmpty();
  }

  /**
   * What the series have grown by since this was last asked: messages of the contract's TcpSeries,
   * written. Nothing of it is given twice.
   */
  public synchronized List<byte[]> takeGrowth() {
    return growth.take();
  }

  /** How often something was added to a series that stands for others. */
  synchronized long merged() {
    return series.merged() + growth.merged();
  }

  /** Both in the series since the start and in what is to be told. */
  private void count(GrowthKey key, Consumer<Series> addition) {
    SeriesKey admitted = series.admit(key.labels());
    addition.accept(series.of(admitted));
    addition.accept(growth.of(admitted.equals(key.labels()) ? key : key.merged()));
  }

  private void evict() {
    if (connections.size() <= CONNECTIONS_MAX) {
      return;
    }
    Connection eldest = connections.values().iterator().next();
    // What it carried up to here is not lost: it is counted before it goes.
    identify(eldest, peerOf(eldest));
    count(eldest.key, each -> each.add(eldest.latest, eldest.counted, nanoTime.getAsLong()));
    forget(eldest);
    evicted++;
  }

  private void forget(Connection connection) {
    ConnectionRecord record = connection.latest;
    watches.forEach(watch -> watch.gone(connection));
    connections.remove(record.cookie());
    pending.remove(record.cookie());
    told.remove(record.cookie());
    if (record.hasSequences()) {
      bySequences.remove(Sequences.of(record));
    }
  }

  private Connection peerOf(Connection connection) {
    ConnectionRecord record = connection.latest;
    if (!record.hasSequences()) {
      return null;
    }
    return bySequences.get(Sequences.of(record).mirrored());
  }

  private void identify(Connection connection, Connection peer) {
    if (peer == null && connection.peerCookie != 0) {
      // Its peer has ended before it, and stays its peer.
      return;
    }
    connection.key = label(connection, peer);
    connection.peerCookie = peer == null ? 0 : peer.latest.cookie();
  }

  private GrowthKey keyOf(Connection connection) {
    return connection.key != null ? connection.key : label(connection, peerOf(connection));
  }

  private GrowthKey label(Connection connection, Connection peer) {
    ConnectionRecord record = connection.latest;
    WorkloadName own = pods.ofNetns(record.netns());
    WorkloadName other =
        peer == null ? pods.ofAddress(record.remoteAddress().getHostAddress()).orElse(null) : null;
    String peerName = "remote";
    String peerKind = "remote";
    if (peer != null) {
      peerName = peer.latest.process();
      peerKind = "process";
    } else if (other != null) {
      peerName = other.workload();
      peerKind = "workload";
    }
    boolean tls = record.isTls() || (peer != null && peer.latest.isTls());
    SeriesKey labels =
        new SeriesKey(
            record.process(),
            own.workload(),
            own.namespace(),
            peerName,
            peerKind,
            record.isInitiator() ? SeriesKey.CLIENT : SeriesKey.SERVER,
            protocol(connection, peer, tls),
            tls);
    return new GrowthKey(labels, own.app(), own.version());
  }

  private Protocol protocol(Connection connection, Connection peer, boolean tls) {
    Protocol said = told.get(connection.latest.cookie());
    if (said == null && peer != null) {
      said = told.get(peer.latest.cookie());
    }
    if (said != null) {
      return said;
    }
    byte[] own = connection.latest.firstBytes();
    byte[] others = peer == null ? UNSEEN : peer.latest.firstBytes();
    boolean initiator = connection.latest.isInitiator();
    Protocol sniffed = ProtocolSniffer.sniff(initiator ? own : others, initiator ? others : own);
    return sniffed == Protocol.TCP && tls ? Protocol.TLS : sniffed;
  }

  /** Where the kernel names no connection. */
  private GrowthKey unconnected(int netns) {
    WorkloadName own = pods.ofNetns(netns);
    return new GrowthKey(
        new SeriesKey("", own.workload(), own.namespace(), "", "", "", Protocol.TCP, false),
        own.app(),
        own.version());
  }
}
