/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.hop;

import com.google.protobuf.ByteString;
import dev.sidelight.hop.v1.ClockSample;
import dev.sidelight.hop.v1.Exchange;
import dev.sidelight.hop.v1.ExchangeEnd;
import dev.sidelight.hop.v1.HopBatch;
import dev.sidelight.hop.v1.HopUpload;
import dev.sidelight.hop.v1.Pod;
import dev.sidelight.hop.v1.ProbeHello;
import dev.sidelight.hop.v1.Role;

/** What a probe sends. */
final class TestBatches {
  /** Inodes of namespaces are beyond what a signed int holds. */
  static final int NETNS = (int) 4_026_532_001L;

  static final long NOW_NANOS = 5_000_000_000L;

  private TestBatches() {}

  static byte[] hello() {
    return hello("node-a", "instance-1");
  }

  static byte[] hello(String node, String instance) {
    return HopUpload.newBuilder()
        .setHello(ProbeHello.newBuilder().setNodeName(node).setProbeInstanceId(instance))
        .build()
        .toByteArray();
  }

  static HopBatch.Builder batch(long sequence, Exchange.Builder... exchanges) {
    HopBatch.Builder batch =
        HopBatch.newBuilder()
            .setSequence(sequence)
            .addClockSamples(
                ClockSample.newBuilder()
                    .setMonotonicNanos(NOW_NANOS)
                    .setEpochOffsetNanos(1_795_000_000_000_000_000L)
                    .setUncertaintyNanos(90))
            .addPods(
                Pod.newBuilder()
                    .setNetns(NETNS)
                    .addAddresses("::ffff:10.77.0.13")
                    .addAddresses("fd00::1"));
    for (Exchange.Builder exchange : exchanges) {
      batch.addExchanges(exchange);
    }
    return batch;
  }

  static byte[] upload(HopBatch.Builder batch) {
    return HopUpload.newBuilder().setBatch(batch).build().toByteArray();
  }

  /** Both ends of a hop. */
  static Exchange.Builder hop() {
    return Exchange.newBuilder().setNetns(NETNS).setInitiator(initiator()).setAcceptor(acceptor());
  }

  static Exchange.Builder oneEnd(ExchangeEnd.Builder initiator) {
    return Exchange.newBuilder().setNetns(NETNS).setInitiator(initiator);
  }

  static ExchangeEnd.Builder initiator() {
    return ExchangeEnd.newBuilder()
        .setRole(Role.INITIATOR)
        .setSocketCookie(77)
        .setExchangeIndex(3)
        .setLocalAddress(ByteString.copyFrom(new byte[] {10, 77, 0, 13}))
        .setLocalPort(40000)
        .setRemoteAddress(ByteString.copyFrom(new byte[] {10, 78, 0, 14}))
        .setRemotePort(9080)
        .setConnectNanos(1_000)
        .setEstablishedNanos(2_000)
        .setFirstSendNanos(3_000)
        .setLastSendNanos(3_001)
        .setFirstArrivalNanos(9_000)
        .setLastArrivalNanos(9_001)
        .setFirstReadNanos(9_500)
        .setLastReadNanos(9_501)
        .setSendStartPosition(-10)
        .setSendEndPosition(90)
        .setReceiveStartPosition(1_000)
        .setReceiveEndPosition(3_000)
        .setSmoothedRttMicros(45)
        .setRetransmits(1)
        .setDrops(2)
        .setProcess("python3")
        .setMethod("GET")
        .setPathTemplate("/reviews/{id}")
        .setStatus(200)
        .setRequestId("r-1")
        .setFlags(5);
  }

  static ExchangeEnd.Builder acceptor() {
    byte[] mapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1, 10, 77, 0, 13};
    return ExchangeEnd.newBuilder()
        .setRole(Role.ACCEPTOR)
        .setSocketCookie(78)
        .setLocalAddress(ByteString.copyFrom(new byte[] {127, 0, 0, 1}))
        .setLocalPort(15001)
        .setRemoteAddress(ByteString.copyFrom(mapped))
        .setRemotePort(40000)
        .setFirstArrivalNanos(3_100)
        .setLastArrivalNanos(3_101)
        .setFirstReadNanos(3_200)
        .setLastReadNanos(3_201)
        .setFirstSendNanos(8_000)
        .setLastSendNanos(8_001);
  }
}
