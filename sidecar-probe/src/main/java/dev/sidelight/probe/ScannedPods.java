/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe;

import dev.sidelight.hop.v1.ProfileReport;
import dev.sidelight.hop.v1.ProfiledProcess;
import dev.sidelight.probe.pod.PodScanner;
import dev.sidelight.probe.profile.ProfiledPods;
import dev.sidelight.probe.transport.ConnectionTable;
import dev.sidelight.probe.transport.PodConnections;
import java.util.Map;

/** Pods as scanner and table know them, for their profiles. */
final class ScannedPods implements ProfiledPods {
  private static final int PROCESSES_MAX = 500;

  private final PodScanner scanner;
  private final ConnectionTable table;
  private final WatchedPods watched;
  private final int connectionsMax;
  private ListeningProcesses listening;

  ScannedPods(PodScanner scanner, ConnectionTable table, WatchedPods watched, int connectionsMax) {
    this.scanner = scanner;
    this.table = table;
    this.watched = watched;
    this.connectionsMax = connectionsMax;
  }

  /** Says who knows what processes listen on; before the first task. */
  void bind(ListeningProcesses processes) {
    listening = processes;
  }

  @Override
  public boolean isPresent(int netns) {
    return scanner.isPresent(netns);
  }

  @Override
  public Traffic traffic(int netns) {
    PodConnections connections = table.watch(netns, connectionsMax);
    return new Traffic() {
      @Override
      public void addTo(ProfileReport.Builder report) {
        connections.addTo(report);
      }

      @Override
      public void close() {
        connections.close();
      }
    };
  }

  @Override
  public void keepWholeHeads(int netns, boolean whole) {
    watched.keepWholeHeads(netns, whole);
  }

  @Override
  public void addProcesses(int netns, ProfileReport.Builder report) {
    Map<Integer, String> names = scanner.processes(netns);
    names.entrySet().stream()
        .limit(PROCESSES_MAX)
        .forEach(
            each ->
                report.addProcesses(
                    ProfiledProcess.newBuilder()
                        .setPid(each.getKey())
                        .setName(each.getValue())
                        .addAllListeningPorts(listening.ports(netns, each.getKey()))));
    report.setProcessesOmitted(Math.max(0, names.size() - PROCESSES_MAX));
  }
}
