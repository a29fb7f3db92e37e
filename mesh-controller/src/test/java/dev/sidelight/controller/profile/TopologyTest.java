/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.profile;

import static dev.sidelight.controller.profile.TestReports.app;
import static dev.sidelight.controller.profile.TestReports.empty;
import static dev.sidelight.controller.profile.TestReports.envoy;
import static dev.sidelight.controller.profile.TestReports.link;
import static dev.sidelight.controller.profile.TestReports.report;
import static dev.sidelight.controller.profile.TestReports.transfer;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sidelight.controller.profile.Topology.Interval;
import dev.sidelight.hop.v1.ProfileReport;
import dev.sidelight.hop.v1.ProfiledConnection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class TopologyTest {

  private static final Node PYTHON = Node.process("python3");
  private static final Node ENVOY = Node.process("envoy");
  private static final Node REVIEWS = new Node(Node.Kind.WORKLOAD, "reviews-v1", "bookinfo");
  private static final LineKey HOP = new LineKey(PYTHON, ENVOY, "http1", false, 15001);
  private static final LineKey LINK = new LineKey(ENVOY, REVIEWS, "tls", true, 9080);

  private final Map<String, ProfiledPod> podByAddress = new HashMap<>();
  private final Topology topology = new Topology("n/0", 3, podByAddress::get);
  private int reports;

  TopologyTest() {
    podByAddress.put(
        "10.78.0.20",
        new ProfiledPod("n/1", "n", 1, "", "bookinfo", "reviews-v1", "", "", List.of()));
  }

  @Test
  void hop_isOneLineWithTwoSidesByTheListenersPort() throws Exception {
    tell(report("t", 1));
    Map<LineKey, Line> lines = topology.lines("");
    assertThat(lines).containsOnlyKeys(HOP, LINK);
    Line hop = lines.get(HOP);
    assertThat(hop.connections()).isEqualTo(1);
    assertThat(hop.open()).isEqualTo(1);
    assertThat(hop.client().sum().writeBytes()).isEqualTo(300);
    assertThat(hop.client().sum().readBytes()).isEqualTo(5_000);
    assertThat(hop.server().sum().writeBytes()).isEqualTo(5_000);
    assertThat(hop.client().sum().roundTrips().count()).isEqualTo(2);
    Line link = lines.get(LINK);
    assertThat(link.client().sum().retransmits()).isEqualTo(3);
    assertThat(link.server().isSeen()).isFalse();
    assertThat(topology.processes().get("python3").pids()).containsExactly(7);
    assertThat(topology.processes().get("envoy").listeningPorts()).containsExactly(15001);
  }

  @Test
  void sums_areTheSameHoweverManyReportsHaveSettled() throws Exception {
    for (int i = 1; i <= 12; i++) {
      tell(report("t", i));
      Line hop = topology.lines(HOP.id()).get(HOP);
      assertThat(hop.client().sum().writeBytes()).isEqualTo(300L * i);
      assertThat(hop.server().sum().reads().count()).isEqualTo(2L * i);
      assertThat(hop.client().figuresByReport()).hasSize(i);
      assertThat(hop.connections()).isEqualTo(1);
    }
  }

  @Test
  void protocolThatIsKnownLater_takesWhatCameBeforeWithIt() throws Exception {
    tell(empty("t", 1).addConnections(app().setProtocol("tcp")).addConnections(envoy()));
    assertThat(topology.lines("")).containsOnlyKeys(HOP);
    tell(empty("t", 2).addConnections(link().setProtocol("tcp").setTls(false)));
    tell(empty("t", 3).addConnections(link()));
    assertThat(topology.lines("").get(LINK).client().sum().writeBytes()).isEqualTo(1_800);
    assertThat(topology.lines("")).containsOnlyKeys(HOP, LINK);
  }

  @Test
  void peerThatIsToldOfLater_takesTheHopToItsLine() throws Exception {
    tell(empty("t", 1).addConnections(app()));
    LineKey meant = new LineKey(PYTHON, ENVOY, "http1", false, 9080);
    assertThat(topology.lines("")).containsOnlyKeys(meant);
    tell(empty("t", 2).addConnections(app()).addConnections(envoy()));
    assertThat(topology.lines("")).containsOnlyKeys(HOP);
    assertThat(topology.lines("").get(HOP).client().sum().writeBytes()).isEqualTo(600);
  }

  @Test
  void closedConnections_areCountedOnceAndStayInTheirLine() throws Exception {
    tell(report("t", 1));
    tell(
        empty("t", 2)
            .addConnections(app().setCloser("local").setCloseNanos(5_000))
            .addConnections(envoy().setCloser("remote")));
    assertThat(topology.lines("").get(HOP).open()).isZero();
    for (int i = 3; i < 10; i++) {
      tell(empty("t", i));
      Line hop = topology.lines("").get(HOP);
      assertThat(hop.connections()).isEqualTo(1);
      assertThat(hop.client().sum().connectionsByCloser()).isEqualTo(Map.of("local", 1L));
      assertThat(hop.client().sum().writeBytes()).isEqualTo(600);
    }
    // Another one, with the same labels.
    tell(
        empty("t", 10)
            .addConnections(app().setSocketCookie(900).setPeerCookie(901))
            .addConnections(envoy().setSocketCookie(901).setPeerCookie(900)));
    assertThat(topology.lines("").get(HOP).connections()).isEqualTo(2);
    assertThat(topology.lines("").get(HOP).open()).isEqualTo(1);
  }

  @Test
  void connectionThatIsToldOfNoMore_isNotOpen() throws Exception {
    tell(report("t", 1));
    for (int i = 2; i < 4; i++) {
      tell(empty("t", i));
    }
    assertThat(topology.lines("").get(LINK).open()).isEqualTo(1);
    tell(empty("t", 4));
    assertThat(topology.lines("").get(LINK).open()).isZero();
    assertThat(topology.lines("").get(LINK).connections()).isEqualTo(1);
  }

  @Test
  void connectionBeyondTheProbesBound_mayStillBeOpen() throws Exception {
    tell(report("t", 1));
    for (int i = 2; i < 8; i++) {
      tell(empty("t", i).setConnectionsOmitted(1));
    }
    assertThat(topology.lines("").get(LINK).open()).isEqualTo(1);
  }

  @Test
  void remotes_areWorkloadsWhereSomebodyKnowsThem() throws Exception {
    tell(
        empty("t", 1)
            .addConnections(link().setPeerKind("workload").setPeer("ratings-v1"))
            .addConnections(
                link()
                    .setSocketCookie(1)
                    .setRemoteAddress(TestReports.address(10, 1, 1, 1))
                    .setPeerKind("workload")
                    .setPeer("ratings-v1"))
            .addConnections(
                link().setSocketCookie(2).setRemoteAddress(TestReports.address(10, 1, 1, 2))));
    assertThat(topology.lines(""))
        .containsOnlyKeys(
            LINK,
            new LineKey(ENVOY, new Node(Node.Kind.WORKLOAD, "ratings-v1", ""), "tls", true, 9080),
            new LineKey(ENVOY, new Node(Node.Kind.REMOTE, "10.1.1.2", ""), "tls", true, 9080));
  }

  /** Envoy's connections in reserve, at whose other end nothing is ever sent or read. */
  @Test
  void ownAddress_isTheProcessThatListensThere() throws Exception {
    podByAddress.put(
        "10.77.0.13",
        new ProfiledPod("n/0", "n", 0, "", "bookinfo", "productpage-v1", "", "", List.of()));
    ProfiledConnection.Builder reserve =
        link()
            .setRemoteAddress(TestReports.address(10, 77, 0, 13))
            .setProtocol("tcp")
            .setTls(false);
    tell(
        report("t", 1)
            .clearConnections()
            .addConnections(reserve.setSocketCookie(1))
            .addConnections(reserve.setSocketCookie(2).setRemotePort(9_999)));
    Node itself = new Node(Node.Kind.WORKLOAD, "productpage-v1", "bookinfo");
    assertThat(topology.lines(""))
        .containsOnlyKeys(
            new LineKey(ENVOY, PYTHON, "tcp", false, 9080),
            new LineKey(ENVOY, itself, "tcp", false, 9_999));
  }

  @Test
  void linesBeyondTheBound_areOne() throws Exception {
    ProfileReport.Builder report = empty("t", 1);
    ProfiledConnection.Builder link = link().setCloser("local");
    for (int i = 0; i < 10; i++) {
      report.addConnections(
          link.setSocketCookie(i).setRemoteAddress(TestReports.address(10, 1, 1, i)));
    }
    tell(report);
    for (int i = 2; i < 5; i++) {
      tell(empty("t", i));
    }
    Map<LineKey, Line> lines = topology.lines("");
    assertThat(lines).hasSize(4);
    Line others = lines.get(new LineKey(ENVOY, Node.OTHER, "tcp", false, 0));
    assertThat(others.connections()).isEqualTo(7);
    assertThat(others.client().sum().writeBytes()).isEqualTo(7 * 900);
    assertThat(topology.mergedConnections()).isEqualTo(7);
  }

  @Test
  void forgottenIntervals_leaveTheSums() throws Exception {
    for (int i = 1; i <= 10; i++) {
      tell(report("t", i));
    }
    long before = topology.bytes();
    for (int i = 1; i <= 8; i++) {
      assertThat(topology.forgetOldestInterval()).isTrue();
    }
    assertThat(topology.bytes()).isLessThan(before);
    Line hop = topology.lines(HOP.id()).get(HOP);
    assertThat(hop.client().sum().writeBytes()).isEqualTo(3_000);
    assertThat(hop.client().figuresByReport()).containsOnlyKeys(9, 10);
    assertThat(topology.intervals()).containsOnlyKeys(9, 10);
    assertThat(topology.forgetOldestInterval()).isTrue();
    assertThat(topology.forgetOldestInterval()).isTrue();
    assertThat(topology.forgetOldestInterval()).isFalse();
  }

  @Test
  void bytes_areThoseOfWhatIsThere() throws Exception {
    for (int i = 1; i <= 50; i++) {
      tell(report("t", i));
    }
    for (int i = 51; i <= 60; i++) {
      tell(empty("t", i));
    }
    while (topology.forgetOldestInterval()) {
      assertThat(topology.bytes()).isPositive();
    }
    // Two lines with their sums.
    assertThat(topology.bytes()).isBetween(2_400L, 6_000L);
  }

  @Test
  void view_isACopy() throws Exception {
    tell(report("t", 1));
    Map<LineKey, Line> before = topology.lines(HOP.id());
    tell(report("t", 2).addConnections(app().setSocketCookie(7).setWrites(transfer(1, 7))));
    assertThat(before.get(HOP).client().sum().writeBytes()).isEqualTo(300);
    assertThat(before.get(HOP).connections()).isEqualTo(1);
  }

  private void tell(ProfileReport.Builder report) throws RefusedException {
    reports++;
    topology.report(
        reports, new Interval(reports * 1000L, 1000), ReportReader.read(report.build(), n -> n));
  }
}
