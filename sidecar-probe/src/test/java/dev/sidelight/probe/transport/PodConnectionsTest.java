/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sidelight.hop.v1.ProfileReport;
import dev.sidelight.hop.v1.ProfiledConnection;
import dev.sidelight.hop.v1.Role;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PodConnectionsTest {
  private static final int NETNS = TestConnection.NETNS;

  private final PodNames pods =
      new PodNames() {
        @Override
        public WorkloadName ofNetns(int netns) {
          return new WorkloadName("default", "reviews-v1", "reviews", "v1");
        }

        @Override
        public Optional<WorkloadName> ofAddress(String address) {
          return address.equals("10.0.0.9")
              ? Optional.of(new WorkloadName("default", "ratings-v1", "ratings", "v1"))
              : Optional.empty();
        }

        @Override
        public boolean isPresent(int netns) {
          return true;
        }
      };
  private final ConnectionTable table = new ConnectionTable(100, pods, () -> 0);

  @Test
  void growth_isThatOfTheInterval() {
    table.accept(new TestConnection(1, "java").writes(3, 300).bytes());
    settleTwice();
    try (PodConnections watch = table.watch(NETNS, 10)) {
      assertThat(only(watch).getWrites().getCalls()).isZero();
      table.accept(new TestConnection(1, "java").reports(1).writes(5, 700).bytes());
      settleTwice();
      ProfiledConnection grown = only(watch);
      assertThat(grown.getWrites().getCalls()).isEqualTo(2);
      assertThat(grown.getWrites().getBytes()).isEqualTo(400);
      assertThat(grown.getWrites().getDurations().getTotalNanos()).isEqualTo(4000);
      assertThat(grown.getWrites().getDurations().getCountsList()).containsExactly(0L, 2L);
      assertThat(only(watch).getWrites().getCalls()).isZero();
    }
    assertThat(table.series().all().values())
        .singleElement()
        .matches(series -> series.writes.calls() == 5);
  }

  @Test
  void twoEndsOfAHop_nameOneAnother() {
    try (PodConnections watch = table.watch(NETNS, 10)) {
      table.accept(
          new TestConnection(1, "java").sequences(10, 20).connected(5).writes(1, 1).bytes());
      table.accept(new TestConnection(2, "envoy").acceptor().sequences(20, 10).bytes());
      table.settle();
      List<ProfiledConnection> ends = take(watch).getConnectionsList();
      assertThat(ends)
          .extracting(ProfiledConnection::getSocketCookie, ProfiledConnection::getPeerCookie)
          .containsExactlyInAnyOrder(
              org.assertj.core.groups.Tuple.tuple(1L, 2L),
              org.assertj.core.groups.Tuple.tuple(2L, 1L));
      assertThat(ends)
          .filteredOn(end -> end.getRole() == Role.INITIATOR)
          .singleElement()
          .matches(end -> end.getPeer().equals("envoy"))
          .matches(end -> end.getPeerKind().equals("process"))
          .matches(end -> end.getConnectNanos() == 5);
      table.accept(
          new TestConnection(2, "envoy")
              .acceptor()
              .sequences(20, 10)
              .reports(1)
              .ended(Closer.LOCAL, 9)
              .bytes());
      settleTwice();
      take(watch);
      table.accept(
          new TestConnection(1, "java")
              .sequences(10, 20)
              .reports(1)
              .connected(5)
              .writes(1, 1)
              .ended(Closer.REMOTE, 0)
              .bytes());
      table.settle();
      assertThat(only(watch))
          .as("its peer has ended before it")
          .matches(end -> end.getPeerCookie() == 2)
          .matches(end -> end.getPeer().equals("envoy"))
          .matches(end -> end.getConnectNanos() == 0);
    }
    assertThat(table.series().all().keySet())
        .extracting(SeriesKey::peerKind)
        .containsOnly("process");
  }

  @Test
  void peerElsewhere_isItsWorkload() {
    try (PodConnections watch = table.watch(NETNS, 10)) {
      table.accept(new TestConnection(1, "java").remote(10, 0, 0, 9).bytes());
      table.settle();
      assertThat(take(watch).getConnectionsList()).as("its peer may be told of yet").isEmpty();
      table.settle();
      assertThat(only(watch))
          .matches(end -> end.getPeer().equals("ratings-v1"))
          .matches(end -> end.getPeerCookie() == 0)
          .matches(end -> end.getRemoteAddress().size() == 4);
    }
  }

  @Test
  void end_isToldOnceWhetherSeenBeforeOrNot() {
    try (PodConnections watch = table.watch(NETNS, 10)) {
      table.accept(new TestConnection(1, "java").writes(2, 20).ended(Closer.LOCAL, 6).bytes());
      // The table has forgotten it by then.
      settleTwice();
      settleTwice();
      assertThat(table.connectionCount()).isZero();
      assertThat(only(watch))
          .matches(end -> end.getCloser().equals("local"))
          .matches(end -> end.getCloseNanos() == 6)
          .matches(end -> end.getWrites().getBytes() == 20);
      table.accept(new TestConnection(2, "java").bytes());
      settleTwice();
      take(watch);
      table.accept(new TestConnection(2, "java").reports(1).ended(Closer.RESET, 0).bytes());
      table.settle();
      assertThat(only(watch).getCloser()).isEqualTo("reset");
      settleTwice();
      assertThat(take(watch).getConnectionsList()).isEmpty();
    }
  }

  @Test
  void tooMany_areCountedAndTheBusiestTold() {
    try (PodConnections watch = table.watch(NETNS, 2)) {
      for (int cookie = 1; cookie <= 5; cookie++) {
        table.accept(new TestConnection(cookie, "java").writes(1, 100L * cookie).bytes());
      }
      settleTwice();
      ProfileReport report = take(watch);
      assertThat(report.getConnectionsList())
          .extracting(ProfiledConnection::getSocketCookie)
          .containsExactlyInAnyOrder(4L, 5L);
      assertThat(report.getConnectionsOmitted()).isEqualTo(3);
      assertThat(take(watch).getConnectionsList())
          .as("what was left out is not told later")
          .allMatch(each -> each.getWrites().getBytes() == 0);
    }
  }

  @Test
  void drops_areTheConnectionsOrThePods() {
    try (PodConnections watch = table.watch(NETNS, 10)) {
      table.accept(new TestConnection(1, "java").bytes());
      settleTwice();
      table.drop(1, NETNS, "NETFILTER_DROP", 3);
      table.drop(0, NETNS, "NO_SOCKET", 2);
      table.drop(0, NETNS + 1, "NO_SOCKET", 9);
      ProfileReport report = take(watch);
      assertThat(report.getConnections(0).getDropsMap()).isEqualTo(Map.of("NETFILTER_DROP", 3L));
      assertThat(report.getUnconnectedDropsMap()).isEqualTo(Map.of("NO_SOCKET", 2L));
      table.drop(1, NETNS, "NETFILTER_DROP", 4);
      assertThat(only(watch).getDropsMap()).isEqualTo(Map.of("NETFILTER_DROP", 1L));
    }
  }

  @Test
  void otherPods_areNotTold() {
    try (PodConnections watch = table.watch(NETNS + 1, 10)) {
      table.accept(new TestConnection(1, "java").ended(Closer.LOCAL, 6).bytes());
      settleTwice();
      settleTwice();
      assertThat(take(watch).getConnectionsList()).isEmpty();
    }
  }

  private void settleTwice() {
    table.settle();
    table.settle();
  }

  private static ProfiledConnection only(PodConnections watch) {
    List<ProfiledConnection> connections = take(watch).getConnectionsList();
    assertThat(connections).hasSize(1);
    return connections.get(0);
  }

  private static ProfileReport take(PodConnections watch) {
    ProfileReport.Builder report = ProfileReport.newBuilder();
    watch.addTo(report);
    return report.build();
  }
}
