/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import dev.sidelight.hop.v1.Exchange;
import dev.sidelight.hop.v1.ExchangeEnd;
import dev.sidelight.hop.v1.HopBatch;
import dev.sidelight.hop.v1.HopControl;
import dev.sidelight.hop.v1.HopUpload;
import dev.sidelight.hop.v1.Pod;
import dev.sidelight.hop.v1.ProbeHello;
import dev.sidelight.hop.v1.Role;
import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import io.envoyproxy.envoy.data.accesslog.v3.AccessLogCommon;
import io.envoyproxy.envoy.data.accesslog.v3.HTTPAccessLogEntry;
import io.envoyproxy.envoy.service.accesslog.v3.StreamAccessLogsMessage;
import io.envoyproxy.envoy.service.accesslog.v3.StreamAccessLogsMessage.HTTPAccessLogEntries;
import io.envoyproxy.envoy.service.accesslog.v3.StreamAccessLogsMessage.Identifier;
import io.grpc.Status;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The running controller takes anything: it refuses, counts, says one line, and goes on. */
class BadInputTest {

  private final RunningController controller = new RunningController(Map.of());

  @AfterEach
  void stop() {
    controller.close();
  }

  @Test
  void garbageOnAccessLogs_isRefusedAndTheServiceGoesOn() throws Exception {
    for (int i = 0; i < 5; i++) {
      assertThatStreamEnds(controller.accessLogs().send(garbage()), "StreamAccessLogsMessage");
    }
    assertThatRefused(5, "sidelight_als_messages_total", "malformed_message");
    assertThatAccessLogsWork();
  }

  @Test
  void garbageOnHops_isRefusedAndTheServiceGoesOn() throws Exception {
    for (int i = 0; i < 5; i++) {
      assertThatStreamEnds(controller.hops().send(garbage()), "HopUpload");
    }
    assertThatRefused(5, "sidelight_hop_batches_total", "malformed_message");
    assertThatHopsWork();
  }

  @Test
  void garbageInsteadOfHttp_isCountedAndTheServicesGoOn() throws Exception {
    for (int port :
        new int[] {controller.controller().alsPort(), controller.controller().hopPort()}) {
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        // In one write: the server may have closed the connection before a second one.
        socket.getOutputStream().write(concat(garbage(), "\r\n\r\n".getBytes(US_ASCII)));
        drain(socket);
      }
    }
    for (String counter :
        new String[] {"sidelight_als_messages_total", "sidelight_hop_batches_total"}) {
      controller.awaitCounter(1, counter, "outcome", "refused", "reason", "no_http");
    }
    assertThat(controller.refusals()).filteredOn(line -> line.contains("no_http")).hasSize(2);
    assertThatAccessLogsWork();
    assertThatHopsWork();
  }

  @Test
  void messageBeyondTheLimit_endsItsStreamOnly() throws Exception {
    byte[] tooLong = new byte[5 << 20];
    try (GrpcStream stream = controller.accessLogs().send(tooLong)) {
      assertThat(status(stream).getCode()).isNotEqualTo(Status.Code.OK);
    }
    assertThatRefused(1, "sidelight_als_messages_total", "unreadable_frame");
    assertThatAccessLogsWork();
  }

  @Test
  void streamWithoutIdentifier_isRefused() throws Exception {
    byte[] message =
        accessLogs(entry(common())).toBuilder().clearIdentifier().build().toByteArray();
    assertThatStreamEnds(controller.accessLogs().send(message), "identifier");

    assertThatRefused(1, "sidelight_als_messages_total", "no_identifier");
    controller.awaitCounter(
        1, "sidelight_als_entries_total", "outcome", "refused", "reason", "no_identifier");
    assertThatAccessLogsWork();
  }

  @Test
  void messageThatEndsInTheMiddle_isRefused() throws Exception {
    byte[] message = accessLogs(entry(common())).toByteArray();
    assertThatStreamEnds(
        controller.accessLogs().send(Arrays.copyOf(message, message.length - 3)),
        "StreamAccessLogsMessage");
    assertThatAccessLogsWork();
  }

  @Test
  void unknownAny_isNamedAndItsEntryTaken() throws Exception {
    Any unknown = Any.newBuilder().setTypeUrl("type.googleapis.com/acme.Thing").build();
    try (GrpcStream stream = controller.accessLogs()) {
      stream.send(accessLogs(entry(common().putFilterStateObjects("acme", unknown))).toByteArray());
      controller.awaitCounter(
          1, "sidelight_als_entries_total", "outcome", "accepted", "reason", "unknown_any");
    }
    assertThat(controller.refusals()).singleElement().asString().contains("unknown_any");
    controller.awaitCounter(1, "sidelight_correlator_received_total", "type", "entry");
  }

  @Test
  void impossibleTimes_areRefusedAndTheRestOfTheBatchTaken() throws Exception {
    ExchangeEnd.Builder backwards = end().setFirstSendNanos(2_000).setLastSendNanos(1_000);
    try (GrpcStream stream = controller.hops()) {
      stream.send(hello()).send(hops(1, end(), backwards, end().setSocketCookie(8), backwards));
      await().until(() -> stream.received().size() == 1);
      assertThat(HopControl.parseFrom(stream.received().get(0)).getAcknowledgement().getSequence())
          .isEqualTo(1);
    }
    controller.awaitCounter(
        2, "sidelight_hop_ends_total", "outcome", "refused", "reason", "impossible_time");
    controller.awaitCounter(2, "sidelight_correlator_received_total", "type", "end");
    assertThat(controller.refusals()).singleElement().asString().contains("impossible_time");
  }

  @Test
  void impossibleAccessLogTimes_areRefused() throws Exception {
    Timestamp beyond = Timestamp.newBuilder().setSeconds(Long.MAX_VALUE).build();
    try (GrpcStream stream = controller.accessLogs()) {
      stream.send(accessLogs(entry(common().setStartTime(beyond)), entry(common())).toByteArray());
      controller.awaitCounter(
          1, "sidelight_als_entries_total", "outcome", "refused", "reason", "impossible_time");
      controller.awaitCounter(1, "sidelight_correlator_received_total", "type", "entry");
    }
  }

  @Test
  void batchWithoutHello_isRefused() throws Exception {
    assertThatStreamEnds(controller.hops().send(hops(1, end())), "hello");
    assertThatHopsWork();
  }

  @Test
  void unknownMethod_isUnimplemented() throws Exception {
    int port = controller.controller().alsPort();
    try (GrpcStream stream = GrpcStream.tcp(port, "acme.Service/Call").halfClose()) {
      assertThat(status(stream).getCode()).isEqualTo(Status.Code.UNIMPLEMENTED);
    }
  }

  @Test
  void cancelledStreams_areClosed() {
    try (GrpcStream stream = controller.accessLogs()) {
      stream.send(accessLogs(entry(common())).toByteArray());
      controller.awaitCounter(1, "sidelight_als_streams");
      stream.cancel();
      controller.awaitCounter(0, "sidelight_als_streams");
    }
  }

  private void assertThatStreamEnds(GrpcStream stream, String said) throws Exception {
    try (stream) {
      Status status = status(stream);
      assertThat(status.getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
      assertThat(status.getDescription()).contains(said);
    }
  }

  private static byte[] concat(byte[] first, byte[] second) {
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }

  private void assertThatRefused(int count, String counter, String reason) {
    controller.awaitCounter(count, counter, "outcome", "refused", "reason", reason);
    assertThat(controller.refusals())
        .filteredOn(line -> line.contains(reason) && line.contains("message refused"))
        .singleElement()
        .asString()
        .contains("127.0.0.1");
  }

  private void assertThatAccessLogsWork() {
    double before = controller.counter("sidelight_correlator_received_total", "type", "entry");
    try (GrpcStream stream = controller.accessLogs()) {
      stream.send(accessLogs(entry(common()), entry(common())).toByteArray()).halfClose();
      assertThat(status(stream).isOk()).isTrue();
      controller.awaitCounter(before + 2, "sidelight_correlator_received_total", "type", "entry");
    }
  }

  private void assertThatHopsWork() {
    double before = controller.counter("sidelight_correlator_received_total", "type", "end");
    try (GrpcStream stream = controller.hops()) {
      stream.send(hello()).send(hops(1, end()));
      await().until(() -> stream.received().size() == 1);
      controller.awaitCounter(before + 1, "sidelight_correlator_received_total", "type", "end");
    }
  }

  private static Status status(GrpcStream stream) {
    return stream.status().orTimeout(10, TimeUnit.SECONDS).join();
  }

  private static void drain(Socket socket) throws IOException {
    try {
      socket.getInputStream().readAllBytes();
    } catch (SocketException e) {
      // A reset is an answer, too.
    }
  }

  private static byte[] garbage() {
    byte[] bytes = new byte[4000];
    new Random(11).nextBytes(bytes);
    return bytes;
  }

  private static AccessLogCommon.Builder common() {
    SocketAddress address =
        SocketAddress.newBuilder().setAddress("10.77.0.9").setPortValue(50000).build();
    return AccessLogCommon.newBuilder()
        .setStartTime(Timestamp.newBuilder().setSeconds(1_795_534_422L))
        .setDownstreamRemoteAddress(Address.newBuilder().setSocketAddress(address));
  }

  private static HTTPAccessLogEntry entry(AccessLogCommon.Builder common) {
    return HTTPAccessLogEntry.newBuilder().setCommonProperties(common).build();
  }

  private static StreamAccessLogsMessage accessLogs(HTTPAccessLogEntry... entries) {
    Node node = Node.newBuilder().setId("sidecar~10.77.0.13~reviews-v1-1.bookinfo~d").build();
    return StreamAccessLogsMessage.newBuilder()
        .setIdentifier(Identifier.newBuilder().setNode(node).setLogName("sidelight"))
        .setHttpLogs(HTTPAccessLogEntries.newBuilder().addAllLogEntry(Arrays.asList(entries)))
        .build();
  }

  private static byte[] hello() {
    return HopUpload.newBuilder()
        .setHello(ProbeHello.newBuilder().setNodeName("node-a").setProbeInstanceId("i-1"))
        .build()
        .toByteArray();
  }

  private static ExchangeEnd.Builder end() {
    ByteString address = ByteString.copyFrom(new byte[] {10, 77, 0, 13});
    return ExchangeEnd.newBuilder()
        .setRole(Role.INITIATOR)
        .setSocketCookie(7)
        .setLocalAddress(address)
        .setLocalPort(40000)
        .setRemoteAddress(address)
        .setRemotePort(9080)
        .setFirstSendNanos(1_000)
        .setLastSendNanos(1_000);
  }

  private static byte[] hops(long sequence, ExchangeEnd.Builder... initiators) {
    HopBatch.Builder batch =
        HopBatch.newBuilder()
            .setSequence(sequence)
            .addPods(Pod.newBuilder().setNetns(1).addAddresses("10.77.0.13"));
    for (ExchangeEnd.Builder initiator : initiators) {
      batch.addExchanges(Exchange.newBuilder().setNetns(1).setInitiator(initiator));
    }
    return HopUpload.newBuilder().setBatch(batch).build().toByteArray();
  }
}
