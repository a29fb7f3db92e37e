/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller;

import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.sidelight.hop.v1.ExchangeSample;
import dev.sidelight.hop.v1.Header;
import dev.sidelight.hop.v1.HopBatch;
import dev.sidelight.hop.v1.HopControl;
import dev.sidelight.hop.v1.HopUpload;
import dev.sidelight.hop.v1.Pod;
import dev.sidelight.hop.v1.PodInventory;
import dev.sidelight.hop.v1.PodTask;
import dev.sidelight.hop.v1.ProbeHello;
import dev.sidelight.hop.v1.ProfileReport;
import dev.sidelight.hop.v1.ProfileState;
import dev.sidelight.hop.v1.ProfiledConnection;
import dev.sidelight.hop.v1.ProfiledProcess;
import dev.sidelight.hop.v1.Role;
import dev.sidelight.hop.v1.TcpHistogram;
import dev.sidelight.hop.v1.TcpTransfer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * A probe that watches two pods and reports what it is made to of one: Envoy calls an app in Java.
 */
final class ProfilingProbe implements AutoCloseable {

  static final int REVIEWS = 101;

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final long SECOND = 1_000_000_000L;
  private static final ByteString ADDRESS = ByteString.copyFrom(new byte[] {10, 77, 0, 13});

  private final GrpcStream stream;

  ProfilingProbe(GrpcStream stream) {
    this.stream = stream;
    send(
        HopUpload.newBuilder()
            .setHello(ProbeHello.newBuilder().setNodeName("node-a").setProbeInstanceId("1")));
    send(
        HopUpload.newBuilder()
            .setInventory(
                PodInventory.newBuilder()
                    .addPods(pod(REVIEWS, "reviews", "5d4f", "10.77.0.13"))
                    .addPods(pod(102, "ratings", "77c8", "10.77.0.14"))));
    send(HopUpload.newBuilder().setBatch(HopBatch.newBuilder().setSequence(1)));
  }

  private static Pod.Builder pod(int netns, String app, String hash, String address) {
    return Pod.newBuilder()
        .setNetns(netns)
        .setNamespace("bookinfo")
        .setName(app + "-v1-" + hash)
        .setWorkload(app + "-v1")
        .setApp(app)
        .setVersion("v1")
        .addAddresses(address);
  }

  private void send(HopUpload.Builder upload) {
    stream.send(upload.build().toByteArray());
  }

  /** The task, when it has come. */
  PodTask task() {
    return received(HopControl::hasTask).getTask();
  }

  /** The id of the task that is to end, when that has come. */
  String endedTask() {
    return received(HopControl::hasEndTaskId).getEndTaskId();
  }

  private HopControl received(Predicate<HopControl> wanted) {
    return await().atMost(PATIENCE).until(() -> first(wanted), Optional::isPresent).orElseThrow();
  }

  private Optional<HopControl> first(Predicate<HopControl> wanted)
      throws InvalidProtocolBufferException {
    for (byte[] message : List.copyOf(stream.received())) {
      HopControl control = HopControl.parseFrom(message);
      if (wanted.test(control)) {
        return Optional.of(control);
      }
    }
    return Optional.empty();
  }

  void report(PodTask task, long sequence, ProfileState state, String reason) {
    send(
        HopUpload.newBuilder()
            .setProfile(
                ProfileReport.newBuilder()
                    .setTaskId(task.getTaskId())
                    .setSequence(sequence)
                    .setState(state)
                    .setReason(reason)
                    .setMonotonicNanos(100 * SECOND + sequence * SECOND)
                    .setIntervalNanos(SECOND)
                    .addProcesses(process(901, "envoy", 15001, 15006))
                    .addProcesses(process(902, "java", 9080))
                    .addConnections(fromEnvoy())
                    .addConnections(toJava())
                    .addSamples(sample())));
  }

  private static ProfiledProcess.Builder process(int pid, String name, int... ports) {
    ProfiledProcess.Builder process = ProfiledProcess.newBuilder().setPid(pid).setName(name);
    for (int port : ports) {
      process.addListeningPorts(port);
    }
    return process;
  }

  private static ProfiledConnection.Builder fromEnvoy() {
    return ProfiledConnection.newBuilder()
        .setSocketCookie(1)
        .setPeerCookie(2)
        .setRole(Role.INITIATOR)
        .setPid(901)
        .setProcess("envoy")
        .setLocalAddress(ADDRESS)
        .setLocalPort(40_000)
        .setRemoteAddress(ADDRESS)
        .setRemotePort(9080)
        .setPeer("java")
        .setPeerKind("process")
        .setProtocol("http1")
        .setWrites(transfer(20, 6_000))
        .setReads(transfer(20, 40_000))
        .setRoundTrips(TcpHistogram.newBuilder().addCounts(0).addCounts(20).setTotalNanos(30_000))
        .setRetransmits(1);
  }

  private static ProfiledConnection.Builder toJava() {
    return ProfiledConnection.newBuilder()
        .setSocketCookie(2)
        .setPeerCookie(1)
        .setRole(Role.ACCEPTOR)
        .setPid(902)
        .setProcess("java")
        .setLocalAddress(ADDRESS)
        .setLocalPort(9080)
        .setRemoteAddress(ADDRESS)
        .setRemotePort(40_000)
        .setPeer("envoy")
        .setPeerKind("process")
        .setProtocol("http1")
        .setWrites(transfer(20, 40_000))
        .setReads(transfer(20, 6_000))
        .putDrops("NO_SOCKET", 2);
  }

  private static TcpTransfer.Builder transfer(long calls, long bytes) {
    return TcpTransfer.newBuilder()
        .setCalls(calls)
        .setBytes(bytes)
        .setDurations(
            TcpHistogram.newBuilder()
                .addCounts(0)
                .addCounts(0)
                .addCounts(0)
                .addCounts(calls)
                .setTotalNanos(calls * 6_000));
  }

  private static ExchangeSample.Builder sample() {
    return ExchangeSample.newBuilder()
        .setWhy(ExchangeSample.Why.SERVER_ERROR)
        .setSocketCookie(1)
        .setRole(Role.INITIATOR)
        .setProcess("envoy")
        .setStartMonotonicNanos(100 * SECOND)
        .setDurationNanos(42_000_000)
        .setProtocol("http1")
        .setMethod("GET")
        .setPathTemplate("/reviews/{}")
        .setStatus(503)
        .setRequestId("r-1")
        .addRequestHeaders(Header.newBuilder().setName("user-agent").setValue("curl"))
        .addRequestHeaders(Header.newBuilder().setName("accept"));
  }

  @Override
  public void close() {
    stream.close();
  }
}
