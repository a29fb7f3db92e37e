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
import static dev.sidelight.controller.profile.TestReports.sample;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.sidelight.controller.profile.Report.Omitted;
import dev.sidelight.controller.profile.Report.ReportedProcess;
import dev.sidelight.controller.profile.Sample.Header;
import dev.sidelight.hop.v1.ExchangeSample;
import dev.sidelight.hop.v1.ProfileReport;
import dev.sidelight.hop.v1.ProfiledConnection;
import dev.sidelight.hop.v1.ProfiledProcess;
import dev.sidelight.hop.v1.Role;
import dev.sidelight.hop.v1.TcpHistogram;
import dev.sidelight.hop.v1.TcpTransfer;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class ReportReaderTest {

  @Test
  void report_everyFieldIsThere() throws Exception {
    Report report =
        read(
            report("t", 1)
                .addSamples(sample("r-1").setHeadersTruncated(true))
                .setConnectionsOmitted(-1)
                .setSamplesOmitted(2)
                .setProcessesOmitted(3)
                .putUnconnectedDrops("NO_SOCKET", 4));
    assertThat(report.processes())
        .containsExactly(
            new ReportedProcess(7, "python3", List.of(9080)),
            new ReportedProcess(8, "envoy", List.of(15001)));
    assertThat(report.omitted()).isEqualTo(new Omitted(4_294_967_295L, 2, 3));
    assertThat(report.drops()).isEqualTo(Map.of("NO_SOCKET", 4L));
    assertThat(report.samples())
        .containsExactly(
            new Sample(
                "serverError",
                5_001_000,
                700_000_000,
                "envoy",
                "server",
                "http1",
                "GET",
                "/reviews/{id}",
                503,
                "r-1",
                List.of(new Header("user-agent", "curl/8"), new Header("cookie", "secret")),
                List.of(new Header("server", null)),
                true));
    assertThat(report.connections()).hasSize(3);
    ReportedConnection app = report.connections().get(0);
    assertThat(app.initiator()).isTrue();
    assertThat(app.process()).isEqualTo("python3");
    assertThat(app.remoteAddress()).isEqualTo("10.77.0.20");
    assertThat(app.peerCookie()).isEqualTo(TestReports.ENVOY_COOKIE);
    assertThat(app.closed()).isFalse();
    assertThat(app.figures().writeBytes()).isEqualTo(300);
    assertThat(app.figures().readCalls()).isEqualTo(2);
    assertThat(app.figures().roundTrips().meanNanos()).isEqualTo(1_500);
    assertThat(report.connections().get(2).figures().packetsByDrop())
        .isEqualTo(Map.of("NO_SOCKET", 2L));
  }

  @Test
  void openingAndClosing_areThere() throws Exception {
    ProfiledConnection.Builder all =
        link().setConnectNanos(50_000).setCloser("remote").setCloseNanos(9_000);
    ReportedConnection connection = read(empty("t", 1).addConnections(all)).connections().get(0);
    assertThat(connection.closed()).isTrue();
    assertThat(connection.figures().connects().meanNanos()).isEqualTo(50_000);
    assertThat(connection.figures().accepts()).isNull();
    assertThat(connection.figures().closes().meanNanos()).isEqualTo(9_000);
    assertThat(connection.figures().connectionsByCloser()).isEqualTo(Map.of("remote", 1L));
  }

  @Test
  void idleConnection_hasNothingToTell() throws Exception {
    ProfiledConnection.Builder idle = app().clearWrites().clearReads().clearRoundTrips();
    assertThat(read(empty("t", 1).addConnections(idle)).connections().get(0).figures().isEmpty())
        .isTrue();
  }

  @Test
  void roleThatNobodySaw_isTheListeners() throws Exception {
    Report report =
        read(
            empty("t", 1)
                .addProcesses(
                    ProfiledProcess.newBuilder().setName("envoy").addListeningPorts(15001))
                .addConnections(app().clearRole())
                .addConnections(envoy().clearRole()));
    assertThat(report.connections().get(0).initiator()).isTrue();
    assertThat(report.connections().get(1).initiator()).isFalse();
  }

  @Test
  void whatCannotBe_isRefused() {
    assertRefused("bad_address", app().setLocalAddress(ByteString.EMPTY));
    assertRefused("bad_address", app().setRemoteAddress(ByteString.copyFrom(new byte[5])));
    assertRefused("port_out_of_range", app().setLocalPort(65_536));
    assertRefused("port_out_of_range", app().setRemotePort(-1));
    assertRefused("wrong_role", app().setRoleValue(9));
    assertRefused("wrong_closer", app().setCloser("me"));
    assertRefused("impossible_count", app().setRetransmits(-1));
    assertRefused("impossible_count", app().setConnectNanos(-1));
    assertRefused("impossible_count", app().setWrites(TcpTransfer.newBuilder().setBytes(-1)));
    assertRefused("impossible_count", app().putDrops("NO_SOCKET", -1));
    assertRefused("impossible_count", app().setRoundTrips(TcpHistogram.newBuilder().addCounts(-1)));
    assertRefused(
        "too_many",
        app().setRoundTrips(TcpHistogram.newBuilder().addAllCounts(Collections.nCopies(27, 1L))));
    assertRefused("long_text", app().setProcess("x".repeat(257)));
    assertRefused("long_text", app().putDrops("x".repeat(257), 1));
    assertRefused("wrong_sample", sample("r").clearWhy());
    assertRefused("wrong_role", sample("r").setRole(Role.ROLE_UNSPECIFIED));
    assertRefused("impossible_count", sample("r").setDurationNanos(-1));
    assertRefused("long_text", sample("x".repeat(257)));
    assertRefused(
        "long_text",
        sample("r")
            .addRequestHeaders(
                dev.sidelight.hop.v1.Header.newBuilder()
                    .setName("via")
                    .setValue("x".repeat(2049))));
    assertRefused(
        "port_out_of_range",
        empty("t", 1).addProcesses(ProfiledProcess.newBuilder().addListeningPorts(-1)));
    assertRefused(
        "too_many", empty("t", 1).addAllConnections(Collections.nCopies(8193, app().build())));
  }

  @Test
  void garbage_neverThrowsAnythingElse() {
    Random random = new Random(7);
    byte[] good = report("t", 1).addSamples(sample("r")).build().toByteArray();
    int read = 0;
    for (int round = 0; round < 20_000; round++) {
      byte[] bytes = good.clone();
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      try {
        read(ProfileReport.parseFrom(bytes).toBuilder());
        read++;
      } catch (InvalidProtocolBufferException e) {
        // The ingest ends such a stream.
      } catch (RefusedException e) {
        assertThat(e.reason()).isNotEmpty();
      }
    }
    assertThat(read).isPositive();
  }

  private static void assertRefused(String reason, ProfiledConnection.Builder connection) {
    assertRefused(reason, empty("t", 1).addConnections(connection));
  }

  private static void assertRefused(String reason, ExchangeSample.Builder sample) {
    assertRefused(reason, empty("t", 1).addSamples(sample));
  }

  private static void assertRefused(String reason, ProfileReport.Builder report) {
    assertThatThrownBy(() -> read(report))
        .isInstanceOfSatisfying(
            RefusedException.class, refused -> assertThat(refused.reason()).isEqualTo(reason));
  }

  private static Report read(ProfileReport.Builder report) throws RefusedException {
    return ReportReader.read(report.build(), nanos -> nanos + 4_000 * TestReports.SECOND);
  }
}
