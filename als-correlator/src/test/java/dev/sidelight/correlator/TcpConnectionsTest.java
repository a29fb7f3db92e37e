/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.correlator;

import static dev.sidelight.correlator.TcpLogEntry.Kind.CONNECTED;
import static dev.sidelight.correlator.TcpLogEntry.Kind.END;
import static dev.sidelight.correlator.TcpLogEntry.Kind.PERIODIC;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TcpConnectionsTest {

  private static final long SECOND = 1_000_000_000;
  private static final long HOUR = 3_600_000_000_000L;
  private static final Workload SOURCE = new Workload("k", "ns", "client", "client", "v1");
  private static final Workload DESTINATION = new Workload("k", "ns", "db", "db", "v1");

  private final TcpConnections connections = new TcpConnections(2);

  @Test
  void countersBecomeDifferences() throws Exception {
    assertThat(onEntry("a", CONNECTED, 0, 0)).isEqualTo(traffic(true, false, 0, 0));
    assertThat(onEntry("a", PERIODIC, 100, 7)).isEqualTo(traffic(false, false, 100, 7));
    assertThat(onEntry("a", PERIODIC, 100, 9)).isEqualTo(traffic(false, false, 0, 2));
    assertThat(onEntry("a", END, 130, 9)).isEqualTo(traffic(false, true, 30, 0));
    assertThat(connections.size()).isZero();
  }

  @Test
  void endAlone_tellsAll() throws Exception {
    assertThat(onEntry("a", END, 130, 9)).isEqualTo(traffic(true, true, 130, 9));
    assertThat(connections.size()).isZero();
  }

  @Test
  void sameStreamIdAtAnotherProxy_isAnotherConnection() throws Exception {
    onEntry("a", PERIODIC, 100, 7);
    TcpLogEntry other = entry("other", "a", PERIODIC, 100, 7);
    assertThat(connections.onEntry(other, 0).bytesReceived()).isEqualTo(100);
    assertThat(connections.size()).isEqualTo(2);
  }

  @Test
  void whatComesAgain_addsNothing() throws Exception {
    onEntry("a", PERIODIC, 100, 7);
    assertThat(onEntry("a", PERIODIC, 100, 7)).isEqualTo(traffic(false, false, 0, 0));
    onEntry("a", END, 100, 7);
    assertRefused("duplicate", "a", END, 100, 7);
    assertRefused("after_end", "a", PERIODIC, 50, 7);
  }

  @Test
  void whatComesLate_isRefused() throws Exception {
    onEntry("a", PERIODIC, 100, 7);
    assertRefused("reordered", "a", CONNECTED, 100, 7);
    assertRefused("reordered", "a", PERIODIC, 99, 7);
    assertRefused("reordered", "a", PERIODIC, 100, 6);
    assertThat(onEntry("a", PERIODIC, 101, 7)).isEqualTo(traffic(false, false, 1, 0));
  }

  @Test
  void endWithoutDuration_hasNone() throws Exception {
    TcpLogEntry end = entry("n", "a", END, 1, 1);
    TcpLogEntry absent =
        new TcpLogEntry(
            end.proxy(),
            end.direction(),
            END,
            "a",
            1,
            AccessLogEntry.ABSENT,
            null,
            null,
            Workload.UNKNOWN,
            Workload.UNKNOWN,
            "",
            "",
            "",
            "-",
            1,
            1);
    assertThat(connections.onEntry(absent, 0).nanos()).isZero();
  }

  @Test
  void withoutRoom_onlyTheEndTells() throws Exception {
    onEntry("a", PERIODIC, 1, 1);
    onEntry("b", PERIODIC, 1, 1);
    assertRefused("capacity", "c", PERIODIC, 50, 5);
    assertThat(onEntry("c", END, 90, 9)).isEqualTo(traffic(true, true, 90, 9));
    onEntry("a", END, 2, 2);
    assertThat(onEntry("d", PERIODIC, 50, 5)).isEqualTo(traffic(true, false, 50, 5));
    assertThat(connections.size()).isEqualTo(2);
  }

  @Test
  void connectionSilentForLong_givesItsRoomUpAndIsNotCountedAgain() throws Exception {
    connections.onEntry(entry("n", "a", PERIODIC, 1, 1), 0);
    connections.onEntry(entry("n", "b", PERIODIC, 1, 1), 1);
    connections.onEntry(entry("n", "a", PERIODIC, 1, 1), 2);
    assertThatThrownBy(() -> connections.onEntry(entry("n", "c", PERIODIC, 1, 1), HOUR))
        .hasMessage("capacity");
    connections.onEntry(entry("n", "c", PERIODIC, 1, 1), HOUR + 1);
    assertRefused("forgotten", "b", END, 9, 9);
    assertThat(onEntry("a", END, 9, 9)).isEqualTo(traffic(false, true, 8, 8));
  }

  @Test
  void onlySoManyThatAreOver_areRemembered() throws Exception {
    onEntry("a", END, 1, 1);
    onEntry("b", END, 1, 1);
    assertRefused("duplicate", "a", END, 1, 1);
    onEntry("c", END, 1, 1);
    assertThat(onEntry("a", END, 1, 1).opened()).isTrue();
  }

  @Test
  void anyOrder_neverCountsAByteTwice() {
    Random random = new Random(5);
    for (int round = 0; round < 500; round++) {
      TcpConnections any = new TcpConnections(5);
      List<TcpLogEntry> entries = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        int step = random.nextInt(10);
        TcpLogEntry.Kind kind = step == 0 ? CONNECTED : step == 9 ? END : PERIODIC;
        entries.add(entry("n", "c" + random.nextInt(5), kind, step * 10, step * 3));
      }
      long[] received = new long[5];
      for (TcpLogEntry entry : entries) {
        try {
          received[entry.streamId().charAt(1) - '0'] += any.onEntry(entry, 0).bytesReceived();
        } catch (TcpRefusedException e) {
          assertThat(e.reason()).isNotEmpty();
        }
      }
      for (int i = 0; i < 5; i++) {
        String stream = "c" + i;
        long most =
            entries.stream()
                .filter(entry -> entry.streamId().equals(stream))
                .mapToLong(TcpLogEntry::bytesReceived)
                .max()
                .orElse(0);
        assertThat(received[i]).isLessThanOrEqualTo(most);
      }
    }
  }

  @Test
  void edge_isOfTheSideThatTells() {
    TcpLogEntry outbound = entry("n", "a", END, 1, 1);
    assertThat(outbound.isOfSource()).isTrue();
    assertThat(outbound.source()).isEqualTo(SOURCE);
    assertThat(outbound.destination()).isEqualTo(DESTINATION);
    TcpLogEntry inbound =
        new TcpLogEntry(
            proxy("n"),
            TrafficDirection.INBOUND,
            END,
            "a",
            1,
            1,
            null,
            null,
            DESTINATION,
            Workload.UNKNOWN,
            "",
            "",
            "",
            "-",
            1,
            1);
    assertThat(inbound.source()).isEqualTo(DESTINATION);
    assertThat(inbound.destination()).isEqualTo(SOURCE);
  }

  @Test
  void nonsense_isAProgrammingError() {
    assertThatThrownBy(() -> new TcpConnections(0)).isInstanceOf(IllegalArgumentException.class);
    for (long[] wrong : new long[][] {{-1, 0}, {0, -1}}) {
      assertThatThrownBy(() -> entry("n", "a", END, (int) wrong[0], (int) wrong[1]))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  private TcpTraffic onEntry(String streamId, TcpLogEntry.Kind kind, int received, int sent)
      throws TcpRefusedException {
    TcpTraffic traffic = connections.onEntry(entry("n", streamId, kind, received, sent), 0);
    return new TcpTraffic(
        null,
        traffic.opened(),
        traffic.ended(),
        traffic.bytesReceived(),
        traffic.bytesSent(),
        traffic.nanos());
  }

  private void assertRefused(
      String reason, String streamId, TcpLogEntry.Kind kind, int received, int sent) {
    assertThatThrownBy(() -> onEntry(streamId, kind, received, sent))
        .isInstanceOfSatisfying(
            TcpRefusedException.class, refused -> assertThat(refused.reason()).isEqualTo(reason));
  }

  private static TcpTraffic traffic(boolean opened, boolean ended, long received, long sent) {
    return new TcpTraffic(null, opened, ended, received, sent, ended ? SECOND : 0);
  }

  private static TcpLogEntry entry(
      String node, String streamId, TcpLogEntry.Kind kind, int received, int sent) {
    return new TcpLogEntry(
        proxy(node),
        TrafficDirection.OUTBOUND,
        kind,
        streamId,
        1,
        kind == END ? SECOND : AccessLogEntry.ABSENT,
        null,
        null,
        Workload.UNKNOWN,
        DESTINATION,
        "outbound|3306||db",
        "",
        "",
        "-",
        received,
        sent);
  }

  private static Proxy proxy(String node) {
    return new Proxy(node, ProxyType.SIDECAR, "10.0.0.1", SOURCE);
  }
}
