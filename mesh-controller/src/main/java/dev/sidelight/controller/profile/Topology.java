/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.profile;

import dev.sidelight.controller.profile.Report.ReportedProcess;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * What was seen of one pod: its processes, and the lines of their connections. Reports are numbered
 * as they come. Guarded by the profiles' lock.
 */
final class Topology {

  /** A connection's labels may change for so many reports; what is older stays in its line. */
  private static final int SETTLING_REPORTS = 5;

  /** One that has closed stays for so many, since its other end may be told of later. */
  private static final int CLOSED_REPORTS = 2;

  /** One that is told of no more without having closed has done so unseen. */
  private static final int ABSENT_REPORTS = 3;

  private static final int MOST_PROCESS_NAMES = 256;
  private static final int LINE_BYTES = 1200;
  private static final int CONNECTION_BYTES = 500;

  /**
   * When an interval was.
   *
   * @param epochMillis its beginning
   * @param durationMillis its length
   */
  record Interval(long epochMillis, long durationMillis) {}

  /** Processes of one name. */
  record Processes(Set<Integer> pids, Set<Integer> listeningPorts) {

    /** Not told of. */
    static final Processes NONE = new Processes(Set.of(), Set.of());
  }

  // deps
  private final String podId;
  private final int maxLines;
  private final Function<String, ProfiledPod> podAt;

  // state
  private final Map<Long, TrackedConnection> connectionByCookie = new LinkedHashMap<>();
  private final Lines settled;
  private final NavigableMap<Integer, Interval> intervalByReport = new TreeMap<>();
  private final Map<String, Processes> processesByName = new TreeMap<>();
  private long mergedConnections;
  private long bytes;

  /**
   * Nothing seen.
   *
   * @param podId of the pod itself
   * @param podAt whose address something is, or null
   */
  Topology(String podId, int maxLines, Function<String, ProfiledPod> podAt) {
    this.podId = podId;
    this.maxLines = maxLines;
    this.podAt = podAt;
    settled = new Lines(maxLines);
  }

  /** Takes a report; its number is the one before and one more. */
  void report(int number, Interval interval, Report report) {
    intervalByReport.put(number, interval);
    tellProcesses(report.processes());
    for (ReportedConnection connection : report.connections()) {
      track(number, connection);
    }
    connectionByCookie.values().forEach(this::linkPeer);
    boolean complete = report.omitted().connections() == 0;
    for (Iterator<TrackedConnection> all = connectionByCookie.values().iterator();
        all.hasNext(); ) {
      TrackedConnection connection = all.next();
      if (isGone(connection, number - connection.latestReport(), complete)) {
        settle(connection, number);
        settleCount(connection);
        bytes -= CONNECTION_BYTES;
        all.remove();
      } else {
        settle(connection, number - SETTLING_REPORTS);
      }
    }
  }

  private static boolean isGone(TrackedConnection connection, int reportsAgo, boolean complete) {
    return connection.latest().closed()
        ? reportsAgo >= CLOSED_REPORTS
        : complete && reportsAgo >= ABSENT_REPORTS;
  }

  private void tellProcesses(List<ReportedProcess> processes) {
    processesByName.values().forEach(known -> known.pids().clear());
    for (ReportedProcess process : processes) {
      String name = processName(process.name());
      Processes known =
          processesByName.computeIfAbsent(
              name, unused -> new Processes(new TreeSet<>(), new TreeSet<>()));
      known.pids().add(process.pid());
      known.listeningPorts().addAll(process.listeningPorts());
    }
  }

  private String processName(String name) {
    boolean room = processesByName.size() < MOST_PROCESS_NAMES || processesByName.containsKey(name);
    return Node.process(room ? name : Node.OTHER.name()).name();
  }

  private void track(int number, ReportedConnection connection) {
    TrackedConnection tracked =
        connectionByCookie.computeIfAbsent(
            connection.cookie(),
            unused -> {
              bytes += CONNECTION_BYTES;
              return new TrackedConnection();
            });
    tracked.tell(number, connection);
    bytes += connection.figures().isEmpty() ? 0 : connection.figures().bytes();
  }

  private void linkPeer(TrackedConnection connection) {
    long cookie = connection.latest().peerCookie();
    TrackedConnection peer = cookie == 0 ? null : connectionByCookie.get(cookie);
    if (peer != null && peer != connection) {
      connection.tellPeer(peer);
      peer.tellPeer(connection);
    }
  }

  /**
   * An end in the pod may never be told of: a connection that its proxy keeps in reserve carries
   * nothing there.
   */
  private Node farOf(ReportedConnection connection) {
    ProfiledPod pod = podAt.apply(connection.remoteAddress());
    if (pod != null && pod.id().equals(podId)) {
      for (Map.Entry<String, Processes> each : processesByName.entrySet()) {
        if (each.getValue().listeningPorts().contains(connection.remotePort())) {
          return Node.process(each.getKey());
        }
      }
    }
    if (pod != null && !pod.workload().isEmpty()) {
      return new Node(Node.Kind.WORKLOAD, pod.workload(), pod.namespace());
    }
    return connection.peerKind().equals("workload")
        ? new Node(Node.Kind.WORKLOAD, connection.peer(), "")
        : new Node(Node.Kind.REMOTE, connection.remoteAddress(), "");
  }

  /** What it carried up to a report goes to the line that it belongs to. */
  private void settle(TrackedConnection connection, int throughReport) {
    if (connection.recent().isEmpty() || connection.recent().peekFirst().report() > throughReport) {
      return;
    }
    LineSide side = settledSide(connection);
    while (!connection.recent().isEmpty()
        && connection.recent().peekFirst().report() <= throughReport) {
      TrackedConnection.Recent oldest = connection.recent().removeFirst();
      bytes += side.add(oldest.report(), oldest.figures()) - oldest.figures().bytes();
    }
  }

  private void settleCount(TrackedConnection connection) {
    LineKey key = connection.key(this::farOf);
    if (!settled.admitted(key).equals(key)) {
      mergedConnections++;
    }
    settledSide(connection).count(false);
  }

  private LineSide settledSide(TrackedConnection connection) {
    LineKey key = settled.admitted(connection.key(this::farOf));
    if (!settled.lineByKey().containsKey(key)) {
      bytes += LINE_BYTES;
    }
    return settled.line(key).side(connection.latest().initiator());
  }

  /**
   * Forgets the course of the oldest interval; the sums stay.
   *
   * @return false where there is none
   */
  boolean forgetOldestInterval() {
    if (intervalByReport.isEmpty()) {
      return false;
    }
    int oldest = intervalByReport.pollFirstEntry().getKey();
    connectionByCookie.values().forEach(connection -> settle(connection, oldest));
    for (Line line : settled.lineByKey().values()) {
      bytes -= line.client().forgetThrough(oldest) + line.server().forgetThrough(oldest);
    }
    return true;
  }

  /**
   * All lines as they are now, in copies.
   *
   * @param courseOf id of the line that comes with its course, or empty; of all the sums are right
   */
  Map<LineKey, Line> lines(String courseOf) {
    Lines lines = new Lines(maxLines);
    settled
        .lineByKey()
        .forEach(
            (key, line) -> {
              Line copy = lines.line(key);
              for (boolean initiator : new boolean[] {true, false}) {
                copy.side(initiator).addSum(line.side(initiator));
                if (!courseOf.isEmpty() && key.id().equals(courseOf)) {
                  copy.side(initiator).addCourse(line.side(initiator));
                }
              }
            });
    for (TrackedConnection connection : connectionByCookie.values()) {
      LineSide side =
          lines
              .line(lines.admitted(connection.key(this::farOf)))
              .side(connection.latest().initiator());
      side.count(!connection.latest().closed());
      connection.recent().forEach(recent -> side.add(recent.report(), recent.figures()));
    }
    return lines.lineByKey();
  }

  /** When the reports' intervals were, of those whose course is there; a copy. */
  Map<Integer, Interval> intervals() {
    return new HashMap<>(intervalByReport);
  }

  int intervalCount() {
    return intervalByReport.size();
  }

  /** A copy. */
  Map<String, Processes> processes() {
    Map<String, Processes> copy = new TreeMap<>();
    processesByName.forEach(
        (name, processes) ->
            copy.put(
                name,
                new Processes(
                    new TreeSet<>(processes.pids()), new TreeSet<>(processes.listeningPorts()))));
    return copy;
  }

  /** Connections that ended in a line for others. */
  long mergedConnections() {
    return mergedConnections;
  }

  /** Heap, estimated. */
  long bytes() {
    return bytes;
  }
}
