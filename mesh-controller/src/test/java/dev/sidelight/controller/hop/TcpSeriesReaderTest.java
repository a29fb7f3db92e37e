/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.hop;

import static dev.sidelight.controller.hop.TestBatches.batch;
import static dev.sidelight.controller.hop.TestBatches.hello;
import static dev.sidelight.controller.hop.TestBatches.upload;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sidelight.correlator.TcpGrowth;
import dev.sidelight.correlator.TcpHistogram;
import dev.sidelight.correlator.Workload;
import dev.sidelight.hop.v1.Role;
import dev.sidelight.hop.v1.TcpClose;
import dev.sidelight.hop.v1.TcpSeries;
import dev.sidelight.hop.v1.TcpTransfer;
import java.util.Collections;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TcpSeriesReaderTest {

  private final TcpSeriesReader reader = new TcpSeriesReader(new TextPool());

  @Test
  void series_everyFieldIsThere() throws Exception {
    TcpGrowth growth = reader.read(series().build());
    assertThat(growth.workload())
        .isEqualTo(new Workload("unknown", "bookinfo", "reviews-v1", "reviews", "v1"));
    assertThat(growth.process()).isEqualTo("java");
    assertThat(growth.peer()).isEqualTo("envoy");
    assertThat(growth.peerKind()).isEqualTo("process");
    assertThat(growth.side()).isEqualTo("server");
    assertThat(growth.protocol()).isEqualTo("http1");
    assertThat(growth.tls()).isTrue();
    assertThat(growth.writes().calls()).isEqualTo(5);
    assertThat(growth.writes().bytes()).isEqualTo(700);
    assertThat(growth.writes().durations().count(1)).isEqualTo(4);
    assertThat(growth.writes().durations().totalNanos()).isEqualTo(8000);
    assertThat(growth.reads().calls()).isEqualTo(6);
    assertThat(growth.connects().totalNanos()).isEqualTo(11);
    assertThat(growth.accepts().totalNanos()).isEqualTo(12);
    assertThat(growth.roundTrips().count(TcpHistogram.BUCKETS - 1)).isEqualTo(1);
    assertThat(growth.closes())
        .singleElement()
        .matches(close -> close.closer().equals("remote") && close.connections() == 2)
        .matches(close -> close.durations().count(0) == 1);
    assertThat(growth.retransmits()).isEqualTo(3);
    assertThat(growth.drops()).isEqualTo(Map.of("NETFILTER_DROP", 9L));
  }

  @Test
  void whatTheProbeCannotName_isUnknown() throws Exception {
    TcpGrowth growth = reader.read(TcpSeries.getDefaultInstance());
    assertThat(growth.workload()).isEqualTo(Workload.UNKNOWN);
    assertThat(growth.side()).isEmpty();
    assertThat(growth.connects()).isSameAs(TcpHistogram.EMPTY);
  }

  @Test
  void whatCannotBe_isRefused() {
    assertRefused("long_label", series().setPeer("x".repeat(257)));
    assertRefused("long_label", series().putDrops("x".repeat(257), 1));
    assertRefused("wrong_role", series().setRoleValue(7));
    assertRefused("impossible_count", series().setRetransmits(-1));
    assertRefused("impossible_count", series().setReads(TcpTransfer.newBuilder().setBytes(-1)));
    assertRefused("impossible_count", series().setReads(TcpTransfer.newBuilder().setCalls(-1)));
    assertRefused("impossible_count", series().putDrops("NO_SOCKET", -1));
    assertRefused("impossible_count", series().setAccepts(histogram(-1)));
    assertRefused("impossible_count", series().setAccepts(histogram(1).setTotalNanos(-1)));
    assertRefused(
        "many_buckets", series().setAccepts(histogram().addAllCounts(Collections.nCopies(27, 1L))));
    assertRefused("wrong_closer", series().addCloses(TcpClose.newBuilder().setCloser("me")));
    assertRefused("wrong_closer", series().addCloses(TcpClose.newBuilder().setCloser("remote")));
    TcpSeries.Builder many = series();
    for (int i = 0; i <= 256; i++) {
      many.putDrops("R" + i, 1);
    }
    assertRefused("many_reasons", many);
  }

  @Test
  void batch_isTakenOnceAndItsGoodSeriesAreToo() throws Exception {
    RecordingEvents events = new RecordingEvents();
    TakenBatches taken = new TakenBatches();
    byte[] upload =
        upload(batch(1).addTcpSeries(series()).addTcpSeries(series().setRetransmits(-1)));
    for (int connection = 0; connection < 2; connection++) {
      HopStream stream = TestStreams.stream(events, taken);
      stream.onMessage(hello());
      assertThat(stream.onMessage(upload)).isEqualTo(1);
    }
    assertThat(events.grown).hasSize(1);
    assertThat(events.said).containsExactly("tcp refused impossible_count", "accepted", "repeated");
  }

  @Test
  void garbage_neverThrowsAnythingElse() throws Exception {
    Random random = new Random(7);
    byte[] good = upload(batch(1).addTcpSeries(series()).addTcpSeries(series()));
    for (int round = 0; round < 20_000; round++) {
      byte[] bytes = good.clone();
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      HopStream stream = TestStreams.stream(new RecordingEvents(), new TakenBatches());
      stream.onMessage(hello());
      try {
        stream.onMessage(bytes);
      } catch (RefusedException e) {
        assertThat(e.reason()).isNotEmpty();
      }
    }
  }

  private void assertRefused(String reason, TcpSeries.Builder series) {
    assertThatThrownBy(() -> reader.read(series.build()))
        .isInstanceOfSatisfying(
            RefusedException.class, refused -> assertThat(refused.reason()).isEqualTo(reason));
  }

  private static TcpSeries.Builder series() {
    return TcpSeries.newBuilder()
        .setNamespace("bookinfo")
        .setWorkload("reviews-v1")
        .setApp("reviews")
        .setVersion("v1")
        .setProcess("java")
        .setPeer("envoy")
        .setPeerKind("process")
        .setRole(Role.ACCEPTOR)
        .setProtocol("http1")
        .setTls(true)
        .setWrites(
            TcpTransfer.newBuilder()
                .setCalls(5)
                .setBytes(700)
                .setDurations(histogram(0, 4).setTotalNanos(8000)))
        .setReads(TcpTransfer.newBuilder().setCalls(6).setBytes(60))
        .setConnects(histogram(1).setTotalNanos(11))
        .setAccepts(histogram(1).setTotalNanos(12))
        .addCloses(
            TcpClose.newBuilder().setCloser("remote").setConnections(2).setDurations(histogram(1)))
        .setRoundTrips(histogram().addAllCounts(Collections.nCopies(26, 1L)))
        .setRetransmits(3)
        .putDrops("NETFILTER_DROP", 9);
  }

  private static dev.sidelight.hop.v1.TcpHistogram.Builder histogram(long... counts) {
    dev.sidelight.hop.v1.TcpHistogram.Builder histogram =
        dev.sidelight.hop.v1.TcpHistogram.newBuilder();
    for (long count : counts) {
      histogram.addCounts(count);
    }
    return histogram;
  }
}
