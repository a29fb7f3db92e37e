/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.transport;

import com.google.protobuf.ByteString;
import dev.sidelight.hop.v1.ProfileReport;
import dev.sidelight.hop.v1.ProfiledConnection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeMap;

/**
 * The connections of one pod, each by itself: what it has grown by since that was last taken,
 * beside what the table adds to its series. It keeps no more than the last record of each; of what
 * is to be told, the busiest. Guarded by the table's lock.
 */
public final class PodConnections implements AutoCloseable {

  /** What a connection had carried, and before; null where all of it is new. */
  private record Growth(
      Connection connection,
      ConnectionRecord now,
      ConnectionRecord before,
      Map<String, Long> drops) {

    long bytes() {
      return bytes(TransportField.WRITES) + bytes(TransportField.READS);
    }

    private long bytes(TransportField direction) {
      return now.ioBytes(direction) - (before == null ? 0 : before.ioBytes(direction));
    }
  }

  // deps
  private final ConnectionTable table;
  private final int netns;
  private final int connectionsMax;

  // state
  private final Map<Long, ConnectionRecord> told = new HashMap<>();
  private final Map<Long, Map<String, Long>> drops = new HashMap<>();
  private Map<String, Long> unconnectedDrops = new TreeMap<>();
  // The least busy first: it goes where there are too many.
  private PriorityQueue<Growth> busiest = byBytes();
  private int omitted;

  PodConnections(ConnectionTable table, int netns, int connectionsMax) {
    this.table = table;
    this.netns = netns;
    this.connectionsMax = connectionsMax;
  }

  /** What it carried up to here is not told. */
  void begin(Iterable<Connection> connections) {
    for (Connection connection : connections) {
      if (isOurs(connection)) {
        told.put(connection.latest.cookie(), connection.latest);
      }
    }
  }

  /**
   * Adds what there is to tell since the last time: every connection that is open, and those that
   * ended meanwhile.
   */
  public void addTo(ProfileReport.Builder report) {
    PriorityQueue<Growth> taken;
    synchronized (table) {
      for (Connection connection : table.connections()) {
        // One without labels waits for its peer, until the next time.
        if (isOurs(connection) && connection.key != null) {
          tell(connection);
        }
      }
      taken = busiest;
      busiest = byBytes();
      report.setConnectionsOmitted(omitted).putAllUnconnectedDrops(unconnectedDrops);
      omitted = 0;
      unconnectedDrops = new TreeMap<>();
    }
    taken.forEach(growth -> report.addConnections(message(growth)));
  }

  /** Ends this. */
  @Override
  public void close() {
    table.unwatch(this);
  }

  /** The table lets go of a connection. */
  void gone(Connection connection) {
    if (!isOurs(connection)) {
      return;
    }
    tell(connection);
    told.remove(connection.latest.cookie());
    drops.remove(connection.latest.cookie());
  }

  /**
   * Packets were dropped.
   *
   * @param cookie of a connection that the table knows, or 0
   */
  void dropped(long cookie, int ofNetns, String reason, long packets) {
    if (ofNetns != netns) {
      return;
    }
    Map<String, Long> whose =
        cookie == 0 ? unconnectedDrops : drops.computeIfAbsent(cookie, absent -> new TreeMap<>());
    whose.merge(reason, packets, Long::sum);
  }

  private boolean isOurs(Connection connection) {
    return connection.latest.netns() == netns;
  }

  private void tell(Connection connection) {
    ConnectionRecord now = connection.latest;
    ConnectionRecord before = told.getOrDefault(now.cookie(), connection.base);
    if (before != null && before.isFinal()) {
      return;
    }
    Map<String, Long> dropped = drops.remove(now.cookie());
    busiest.add(new Growth(connection, now, before, dropped == null ? Map.of() : dropped));
    told.put(now.cookie(), now);
    if (busiest.size() > connectionsMax) {
      busiest.remove();
      omitted++;
    }
  }

  private static PriorityQueue<Growth> byBytes() {
    return new PriorityQueue<>(Comparator.comparingLong(Growth::bytes));
  }

  private static ProfiledConnection message(Growth growth) {
    ConnectionRecord now = growth.now();
    ConnectionRecord before = growth.before();
    SeriesKey labels = growth.connection().key.labels();
    Series carried = new Series();
    carried.add(now, before, 0);
    ProfiledConnection.Builder message =
        ProfiledConnection.newBuilder()
            .setSocketCookie(now.cookie())
            .setRole(TcpMessages.role(labels.side()))
            .setPid(now.tgid())
            .setProcess(labels.process())
            .setLocalAddress(ByteString.copyFrom(now.localAddress().getAddress()))
            .setLocalPort(now.localPort())
            .setRemoteAddress(ByteString.copyFrom(now.remoteAddress().getAddress()))
            .setRemotePort(now.remotePort())
            .setPeerCookie(growth.connection().peerCookie)
            .setPeer(labels.peer())
            .setPeerKind(labels.peerKind())
            .setProtocol(labels.protocol().label())
            .setTls(labels.tls())
            .setWrites(TcpMessages.transfer(carried.writes))
            .setReads(TcpMessages.transfer(carried.reads))
            .setRoundTrips(TcpMessages.roundTrips(carried.roundTrips))
            .setRetransmits(carried.retransmits())
            .putAllDrops(growth.drops())
            .setConnectNanos(carried.connects.total())
            .setAcceptNanos(carried.accepts.total());
    if (now.isFinal()) {
      message.setCloser(Closer.values()[now.closer()].label()).setCloseNanos(now.closeNanos());
    }
    return message.build();
  }
}
