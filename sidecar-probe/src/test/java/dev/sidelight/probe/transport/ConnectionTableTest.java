/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.transport;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.sidelight.hop.v1.Role;
import dev.sidelight.hop.v1.TcpHistogram;
import dev.sidelight.hop.v1.TcpSeries;
import dev.sidelight.hop.v1.TcpTransfer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ConnectionTableTest {
  private final AtomicLong nanos = new AtomicLong();
  private boolean podIsPresent = true;
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
          return podIsPresent;
        }
      };
  private final ConnectionTable table = new ConnectionTable(3, pods, nanos::get);

  @Test
  void growth_isWhatIsAdded() {
    table.accept(new TestConnection(1, "java").writes(3, 300).bytes());
    settleTwice();
    table.accept(new TestConnection(1, "java").reports(1).writes(5, 700).bytes());
    settleTwice();
    Series series = only();
    assertThat(series.writes.calls()).isEqualTo(5);
    assertThat(series.writes.bytes()).isEqualTo(700);
    assertThat(series.writes.times().total()).isEqualTo(10_000);
    assertThat(series.writes.times().bucket(1)).isEqualTo(5);
  }

  @Test
  void sameRecordTwice_isCountedOnce() {
    byte[] record = new TestConnection(1, "java").writes(3, 300).connected(5000).bytes();
    table.accept(record);
    table.accept(record);
    settleTwice();
    table.accept(record);
    settleTwice();
    assertThat(only().writes.calls()).isEqualTo(3);
    assertThat(only().connects.count()).isEqualTo(1);
  }

  @Test
  void bucketBeyond32Bits_goesOn() {
    table.accept(new TestConnection(1, "java").writes(-1, 1).bytes());
    settleTwice();
    table.accept(new TestConnection(1, "java").reports(1).writes(1, 2).bytes());
    settleTwice();
    assertThat(only().writes.times().bucket(1)).isEqualTo((1L << 32) + 1);
  }

  @Test
  void mirroredSequences_areTheTwoEndsOfAHop() {
    table.accept(new TestConnection(1, "java").sequences(10, 20).writes(1, 1).bytes());
    table.accept(new TestConnection(2, "envoy").acceptor().sequences(20, 10).bytes());
    table.settle();
    assertThat(table.series().all().keySet())
        .extracting(SeriesKey::process, SeriesKey::peer, SeriesKey::peerKind, SeriesKey::side)
        .containsExactlyInAnyOrder(
            org.assertj.core.groups.Tuple.tuple("java", "envoy", "process", "client"),
            org.assertj.core.groups.Tuple.tuple("envoy", "java", "process", "server"));
  }

  @Test
  void endWithoutPeer_waitsForOnePass() {
    table.accept(new TestConnection(1, "java").sequences(10, 20).writes(1, 1).bytes());
    table.settle();
    assertThat(table.series().all()).isEmpty();
    table.accept(new TestConnection(2, "envoy").acceptor().sequences(20, 10).bytes());
    table.settle();
    assertThat(table.series().all().keySet()).allMatch(key -> key.peerKind().equals("process"));
  }

  @Test
  void address_ofAPodOfThisNodeIsItsWorkload() {
    table.accept(new TestConnection(1, "envoy").remote(10, 0, 0, 9).bytes());
    table.accept(new TestConnection(2, "envoy").remote(10, 0, 0, 8).bytes());
    settleTwice();
    assertThat(table.series().all().keySet())
        .extracting(SeriesKey::peer, SeriesKey::peerKind)
        .containsExactlyInAnyOrder(
            org.assertj.core.groups.Tuple.tuple("ratings-v1", "workload"),
            org.assertj.core.groups.Tuple.tuple("remote", "remote"));
  }

  @Test
  void ending_isCountedOnceAndForgotten() {
    table.accept(
        new TestConnection(1, "java").ended(Closer.REMOTE, 400_000_000).writes(1, 1).bytes());
    settleTwice();
    assertThat(only().closeCounts).isEqualTo(Map.of(Closer.REMOTE, 1L));
    assertThat(only().closes.get(Closer.REMOTE).total()).isEqualTo(400_000_000);
    table.settle();
    assertThat(table.connectionCount()).isZero();
  }

  @Test
  void tooManySeries_areMergedAndCounted() {
    for (int i = 0; i < 5; i++) {
      table.accept(new TestConnection(i, "p" + i).writes(1, 10).bytes());
    }
    settleTwice();
    assertThat(table.series().all()).hasSize(4);
    assertThat(table.series().merged()).isEqualTo(2);
    long bytes = table.series().all().values().stream().mapToLong(s -> s.writes.bytes()).sum();
    assertThat(bytes).isEqualTo(50);
  }

  @Test
  void unknownConnection_thatWasReportedBeforeIsCountedFromThere() {
    table.accept(new TestConnection(1, "java").reports(7).writes(9, 900).bytes());
    settleTwice();
    assertThat(only().writes.calls()).isZero();
    table.accept(new TestConnection(1, "java").reports(8).writes(10, 950).bytes());
    settleTwice();
    assertThat(only().writes.bytes()).isEqualTo(50);
  }

  @Test
  void fullTable_letsTheEldestGoAndCountsIt() {
    for (int i = 0; i <= ConnectionTable.CONNECTIONS_MAX; i++) {
      table.accept(new TestConnection(i, "java").writes(1, 1).bytes());
    }
    settleTwice();
    assertThat(table.losses()).containsEntry("table_full", 1L);
    assertThat(only().writes.calls()).isEqualTo(ConnectionTable.CONNECTIONS_MAX + 1);
  }

  @Test
  void drops_growByConnectionAndReason() {
    table.accept(new TestConnection(1, "java").bytes());
    assertThat(table.drop(1, TestConnection.NETNS, "NETFILTER_DROP", 2)).isTrue();
    assertThat(table.drop(1, TestConnection.NETNS, "NETFILTER_DROP", 5)).isTrue();
    assertThat(only().drops).isEqualTo(Map.of("NETFILTER_DROP", 5L));
    assertThat(table.drop(99, TestConnection.NETNS, "NETFILTER_DROP", 1)).isTrue();
    assertThat(table.drop(99, TestConnection.NETNS, "NETFILTER_DROP", 1)).isFalse();
  }

  @Test
  void whatWasRead_isBelievedBeforeTheFirstBytes() {
    table.accept(new TestConnection(1, "java").flag(2).bytes());
    table.told(1, Protocol.GRPC);
    settleTwice();
    assertThat(table.series().all().keySet())
        .allMatch(key -> key.protocol() == Protocol.GRPC && key.tls());
  }

  @Test
  void encryptedAndUntold_isTls() {
    table.accept(new TestConnection(1, "java").flag(2).bytes());
    settleTwice();
    assertThat(table.series().all().keySet()).allMatch(key -> key.protocol() == Protocol.TLS);
  }

  @Test
  void seriesOfVanishedPods_go() {
    table.accept(new TestConnection(1, "java").bytes());
    settleTwice();
    podIsPresent = false;
    nanos.set(TimeUnit.MINUTES.toNanos(9));
    table.settle();
    assertThat(table.series().all()).hasSize(1);
    nanos.set(TimeUnit.MINUTES.toNanos(11));
    table.settle();
    assertThat(table.series().all()).isEmpty();
  }

  @Test
  void otherVersion_isCountedOnly() {
    table.accept(new byte[TransportField.RECORD_BYTES]);
    table.accept(new byte[1]);
    assertThat(table.losses()).containsEntry("parse", 2L);
  }

  @Test
  void growth_isToldOnce() throws InvalidProtocolBufferException {
    table.accept(new TestConnection(1, "java").writes(3, 300).connected(5000).bytes());
    settleTwice();
    TcpSeries first = onlyGrowth();
    assertThat(table.hasGrown()).isFalse();
    assertThat(first.getNamespace()).isEqualTo("default");
    assertThat(first.getWorkload()).isEqualTo("reviews-v1");
    assertThat(first.getApp()).isEqualTo("reviews");
    assertThat(first.getVersion()).isEqualTo("v1");
    assertThat(first.getProcess()).isEqualTo("java");
    assertThat(first.getPeerKind()).isEqualTo("remote");
    assertThat(first.getRole()).isEqualTo(Role.INITIATOR);
    assertThat(first.getProtocol()).isEqualTo("tcp");
    assertThat(first.getWrites().getCalls()).isEqualTo(3);
    assertThat(first.getWrites().getBytes()).isEqualTo(300);
    assertThat(first.getWrites().getDurations().getCountsList()).containsExactly(0L, 3L);
    assertThat(first.getWrites().getDurations().getTotalNanos()).isEqualTo(6000);
    assertThat(first.getConnects().getTotalNanos()).isEqualTo(5000);
    assertThat(first.getReads())
        .isEqualTo(
            TcpTransfer.getDefaultInstance().toBuilder()
                .setDurations(TcpHistogram.getDefaultInstance())
                .build());

    table.accept(
        new TestConnection(1, "java")
            .reports(1)
            .writes(5, 700)
            .connected(5000)
            .ended(Closer.LOCAL, 7)
            .bytes());
    table.drop(1, TestConnection.NETNS, "NETFILTER_DROP", 2);
    table.settle();
    TcpSeries second = onlyGrowth();
    assertThat(second.getWrites().getBytes()).isEqualTo(400);
    assertThat(second.getConnects().getCountsCount()).isZero();
    assertThat(second.getCloses(0).getCloser()).isEqualTo("local");
    assertThat(second.getCloses(0).getConnections()).isEqualTo(1);
    assertThat(second.getDropsMap()).isEqualTo(Map.of("NETFILTER_DROP", 2L));
    assertThat(only().writes.bytes()).isEqualTo(700);
  }

  @Test
  void growthOfTooManySeries_isMergedAsTheyAre() throws InvalidProtocolBufferException {
    for (int i = 0; i < 5; i++) {
      table.accept(new TestConnection(i, "p" + i).writes(1, 10).bytes());
    }
    settleTwice();
    long bytes = 0;
    List<byte[]> messages = table.takeGrowth();
    for (byte[] message : messages) {
      bytes += TcpSeries.parseFrom(message).getWrites().getBytes();
    }
    assertThat(bytes).isEqualTo(50);
    assertThat(messages).hasSize(4);
    TcpSeries last = TcpSeries.parseFrom(messages.get(3));
    assertThat(last.getWorkload() + last.getApp() + last.getVersion()).isEqualTo("otherotherother");
    assertThat(table.merged()).isEqualTo(2);
  }

  private TcpSeries onlyGrowth() throws InvalidProtocolBufferException {
    List<byte[]> messages = table.takeGrowth();
    assertThat(messages).hasSize(1);
    return TcpSeries.parseFrom(messages.get(0));
  }

  private void settleTwice() {
    table.settle();
    table.settle();
  }

  private Series only() {
    assertThat(table.series().all()).hasSize(1);
    return table.series().all().values().iterator().next();
  }
}
