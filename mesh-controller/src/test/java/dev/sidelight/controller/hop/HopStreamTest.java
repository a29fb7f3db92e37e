/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.hop;

import static dev.sidelight.controller.hop.TestBatches.NOW_NANOS;
import static dev.sidelight.controller.hop.TestBatches.acceptor;
import static dev.sidelight.controller.hop.TestBatches.batch;
import static dev.sidelight.controller.hop.TestBatches.hello;
import static dev.sidelight.controller.hop.TestBatches.hop;
import static dev.sidelight.controller.hop.TestBatches.initiator;
import static dev.sidelight.controller.hop.TestBatches.oneEnd;
import static dev.sidelight.controller.hop.TestBatches.upload;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.sidelight.correlator.ClockSample;
import dev.sidelight.correlator.ExchangeEnd;
import dev.sidelight.correlator.HopRecord;
import dev.sidelight.correlator.SocketAddress;
import dev.sidelight.hop.v1.Exchange;
import dev.sidelight.hop.v1.HopBatch;
import dev.sidelight.hop.v1.HopUpload;
import dev.sidelight.hop.v1.Pod;
import dev.sidelight.hop.v1.PodInventory;
import dev.sidelight.hop.v1.ProbeAccounting;
import dev.sidelight.hop.v1.ProfileReport;
import dev.sidelight.hop.v1.Role;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HopStreamTest {

  private final RecordingEvents events = new RecordingEvents();
  private final TakenBatches taken = new TakenBatches();
  private HopStream stream = newStream(taken);

  @BeforeEach
  void greet() throws Exception {
    stream.onMessage(hello());
  }

  @Test
  void hop_everyFieldIsThere() throws Exception {
    assertThat(stream.onMessage(upload(batch(1, hop())))).isEqualTo(1);

    HopRecord hop = events.hops.get(0);
    assertThat(hop.node()).isEqualTo("node-a");
    assertThat(hop.podAddress()).isEqualTo("10.77.0.13");
    assertThat(hop.supersedes()).isFalse();
    assertThat(hop.initiator()).isEqualTo(expectedInitiator());
    assertThat(hop.acceptor().remote()).isEqualTo(new SocketAddress("10.77.0.13", 40000));
    assertThat(hop.acceptor().initiator()).isFalse();
    assertThat(events.clockSamples)
        .containsExactly(new ClockSample(NOW_NANOS, 1_795_000_000_000_000_000L, 90));
  }

  private static ExchangeEnd expectedInitiator() {
    return new ExchangeEnd(
        77,
        3,
        true,
        new SocketAddress("10.77.0.13", 40000),
        new SocketAddress("10.78.0.14", 9080),
        1_000,
        2_000,
        3_000,
        3_001,
        9_000,
        9_001,
        9_500,
        9_501,
        -10,
        90,
        1_000,
        3_000,
        45_000,
        1,
        2,
        "python3",
        "GET",
        "/reviews/{id}",
        200,
        "r-1",
        5);
  }

  @Test
  void podThatTheProbeCanName_isTold() throws Exception {
    HopBatch.Builder batch = batch(1);
    batch.getPodsBuilder(0).setNamespace("bookinfo").setWorkload("reviews-v1").setApp("reviews");
    stream.onMessage(upload(batch));
    stream.onMessage(upload(batch(2)));

    assertThat(events.said)
        .containsExactly(
            "pod 10.77.0.13 bookinfo/reviews-v1",
            "pod fd00::1 bookinfo/reviews-v1",
            "accepted",
            "accepted");
  }

  @Test
  void streamOfHttp2_hasItsIdAndTheStatusOfItsTrailers() throws Exception {
    stream.onMessage(
        upload(
            batch(
                1,
                oneEnd(
                    initiator()
                        .setProtocol("grpc")
                        .setHttp2StreamId(Integer.MAX_VALUE)
                        .setGrpcStatus(0)),
                hop())));

    ExchangeEnd end = events.hops.get(0).initiator();
    assertThat(end.isStream()).isTrue();
    assertThat(end.protocol()).isEqualTo("grpc");
    assertThat(end.http2StreamId()).isEqualTo(Integer.MAX_VALUE);
    assertThat(end.grpcStatus()).isZero();
    assertThat(events.hops.get(1).initiator().isStream()).isFalse();
    assertThat(events.hops.get(1).initiator().grpcStatus()).isEqualTo(ExchangeEnd.NO_GRPC_STATUS);
  }

  @Test
  void streamIdBeyondItsRange_isRefused() throws Exception {
    stream.onMessage(upload(batch(1, oneEnd(initiator().setHttp2StreamId(-1)))));
    assertThat(events.hops).isEmpty();
    assertThat(events.said).contains("refused bad_stream_id 1");
  }

  @Test
  void supersedingEnd_makesASupersedingRecord() throws Exception {
    stream.onMessage(upload(batch(1, oneEnd(initiator().setSupersedes(true)))));
    assertThat(events.hops.get(0).supersedes()).isTrue();
    assertThat(events.hops.get(0).acceptor()).isNull();
  }

  @Test
  void batchSentAgain_isAcknowledgedAndNotTaken() throws Exception {
    stream.onMessage(upload(batch(1, hop())));
    stream.onMessage(upload(batch(2, hop())));
    // The probe has reconnected.
    stream = newStream(taken);
    stream.onMessage(hello());

    assertThat(stream.onMessage(upload(batch(2, hop())))).isEqualTo(2);
    assertThat(events.hops).hasSize(2);
    assertThat(events.said).containsExactly("accepted", "accepted", "repeated");
  }

  @Test
  void restartedProbe_beginsAnew() throws Exception {
    stream.onMessage(upload(batch(7, hop())));
    stream = newStream(taken);
    stream.onMessage(hello("node-a", "instance-2"));
    stream.onMessage(upload(batch(1, hop())));

    assertThat(events.hops).hasSize(2);
  }

  @Test
  void gapInTheNumbers_isCounted() throws Exception {
    stream.onMessage(upload(batch(5, hop())));
    stream.onMessage(upload(batch(9, hop())));
    assertThat(events.said).containsExactly("accepted", "missing 3", "accepted");
  }

  @Test
  void refusedExchange_leavesTheRestOfItsBatch() throws Exception {
    stream.onMessage(
        upload(batch(1, hop(), hop().setAcceptor(acceptor().setFirstReadNanos(3_000)), hop())));
    assertThat(events.hops).hasSize(2);
    assertThat(events.said).containsExactly("refused impossible_time 2", "accepted");
  }

  @Test
  void impossibleTimes_areRefused() throws Exception {
    assertRefused("impossible_time", oneEnd(initiator().setFirstSendNanos(3_002)));
    assertRefused("impossible_time", oneEnd(initiator().setFirstArrivalNanos(9_002)));
    assertRefused("impossible_time", oneEnd(initiator().setFirstReadNanos(9_502)));
    assertRefused("impossible_time", oneEnd(initiator().setFirstReadNanos(8_999)));
    assertRefused("impossible_time", oneEnd(initiator().setLastSendNanos(0)));
    assertRefused("impossible_time", oneEnd(initiator().setConnectNanos(2_001)));
    assertRefused("future_time", oneEnd(initiator().setLastReadNanos(NOW_NANOS + 61_000_000_000L)));
    assertRefused("future_time", oneEnd(initiator().setFirstReadNanos(-2).setLastReadNanos(-1)));
    assertRefused("future_time", oneEnd(initiator().setConnectNanos(-1).setEstablishedNanos(-1)));
    assertRefused(
        "no_time",
        oneEnd(
            initiator()
                .clearFirstSendNanos()
                .clearLastSendNanos()
                .clearFirstArrivalNanos()
                .clearLastArrivalNanos()
                .clearFirstReadNanos()
                .clearLastReadNanos()));
  }

  @Test
  void whatIsNoEnd_isRefused() throws Exception {
    assertRefused("no_role", oneEnd(initiator().clearRole()));
    assertRefused("wrong_role", oneEnd(initiator().setRole(Role.ACCEPTOR)));
    assertRefused("no_end", hop().clearInitiator().clearAcceptor());
    assertRefused("unknown_pod", hop().setNetns(1));
    assertRefused("port_out_of_range", oneEnd(initiator().setLocalPort(0)));
    assertRefused("port_out_of_range", oneEnd(initiator().setRemotePort(65_536)));
    assertRefused("bad_address", oneEnd(initiator().setLocalAddress(ByteString.EMPTY)));
    assertRefused(
        "bad_address", oneEnd(initiator().setRemoteAddress(ByteString.copyFrom(new byte[5]))));
  }

  @Test
  void clockSampleAtNoTime_isRefused() throws Exception {
    dev.sidelight.hop.v1.ClockSample.Builder sample =
        dev.sidelight.hop.v1.ClockSample.newBuilder().setMonotonicNanos(-1);
    stream.onMessage(upload(batch(1, hop()).addClockSamples(sample)));
    assertThat(events.clockSamples).hasSize(1);
    assertThat(events.said).containsExactly("clock sample refused", "accepted");
  }

  @Test
  void accounting_isTold() throws Exception {
    ProbeAccounting.Builder accounting =
        ProbeAccounting.newBuilder().setEndsSeen(9).setEndsSent(7).putEndsLost("ring_full", 2);
    stream.onMessage(upload(batch(1).setAccounting(accounting)));
    assertThat(events.said).containsExactly("node-a seen 9 sent 7 lost {ring_full=2}", "accepted");
  }

  @Test
  void profiles_areHandedOnWithTheirProbe() throws Exception {
    stream.onMessage(
        HopUpload.newBuilder()
            .setInventory(
                PodInventory.newBuilder()
                    .addPods(
                        Pod.newBuilder()
                            .setNetns(7)
                            .addAddresses("10.77.0.9")
                            .setNamespace("bookinfo")
                            .setWorkload("ratings-v1")))
            .build()
            .toByteArray());
    stream.onMessage(
        HopUpload.newBuilder()
            .setProfile(ProfileReport.newBuilder().setTaskId("t-1"))
            .build()
            .toByteArray());
    stream.close();
    newStream(taken).close();
    assertThat(events.streams)
        .containsExactly(
            "connected node-a instance-1",
            "pods of node-a 1",
            "report of node-a instance-1 t-1",
            "disconnected node-a");
    assertThat(events.said).containsExactly("pod 10.77.0.9 bookinfo/ratings-v1");
  }

  @Test
  void messagesOutOfPlace_endTheStream() {
    assertEnds("no_hello", newStream(taken), upload(batch(1)));
    assertEnds("second_hello", stream, hello());
    assertEnds("bad_hello", newStream(taken), hello("", "instance"));
    assertEnds("bad_hello", newStream(taken), hello("node", ""));
    assertEnds("bad_sequence", stream, upload(batch(0)));
    assertEnds("bad_sequence", stream, upload(batch(-1)));
    assertEnds("malformed_message", stream, new byte[] {10, 99, 1});
    assertEnds("malformed_message", stream, new byte[0]);
  }

  @Test
  void garbage_neverThrowsAnythingElse() throws Exception {
    Random random = new Random(7);
    byte[] good = upload(batch(1, hop(), hop()));
    for (int round = 0; round < 20_000; round++) {
      byte[] bytes = good.clone();
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      HopStream fresh = newStream(new TakenBatches());
      fresh.onMessage(hello());
      try {
        fresh.onMessage(bytes);
      } catch (RefusedException e) {
        assertThat(e.reason()).isNotEmpty();
      }
    }
  }

  private void assertRefused(String reason, Exchange.Builder exchange) throws Exception {
    events.said.clear();
    HopStream fresh = newStream(new TakenBatches());
    fresh.onMessage(hello());
    fresh.onMessage(upload(batch(1, exchange)));
    assertThat(events.said.get(0)).startsWith("refused " + reason + " ");
    assertThat(events.hops).isEmpty();
  }

  private static void assertEnds(String reason, HopStream stream, byte[] message) {
    assertThatThrownBy(() -> stream.onMessage(message))
        .isInstanceOfSatisfying(
            RefusedException.class, refused -> assertThat(refused.reason()).isEqualTo(reason));
  }

  private HopStream newStream(TakenBatches batches) {
    return TestStreams.stream(events, batches);
  }
}
