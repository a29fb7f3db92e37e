/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.profile;

import dev.sidelight.hop.v1.ProfileReport;
import dev.sidelight.hop.v1.ProfiledConnection;
import dev.sidelight.hop.v1.ProfiledProcess;
import java.util.HashSet;
import java.util.Set;

/**
 * Pods of which each has one connection, whose cookie is the number of times that it was asked of.
 */
final class TestPods implements ProfiledPods {
  final Set<Integer> present = new HashSet<>(Set.of(7, 8));
  final Set<Integer> wholeHeads = new HashSet<>();
  final Set<Integer> watched = new HashSet<>();

  @Override
  public boolean isPresent(int netns) {
    return present.contains(netns);
  }

  @Override
  public Traffic traffic(int netns) {
    watched.add(netns);
    return new Traffic() {
      private long asked;

      @Override
      public void addTo(ProfileReport.Builder report) {
        report
            .addConnections(ProfiledConnection.newBuilder().setSocketCookie(++asked))
            .setConnectionsOmitted(2);
      }

      @Override
      public void close() {
        watched.remove(netns);
      }
    };
  }

  @Override
  public void keepWholeHeads(int netns, boolean whole) {
    if (whole) {
      wholeHeads.add(netns);
    } else {
      wholeHeads.remove(netns);
    }
  }

  @Override
  public void addProcesses(int netns, ProfileReport.Builder report) {
    report.addProcesses(ProfiledProcess.newBuilder().setPid(netns).setName("java"));
  }
}
