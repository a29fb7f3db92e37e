/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.profile;

import com.google.protobuf.ByteString;
import dev.sidelight.hop.v1.ExchangeSample;
import dev.sidelight.hop.v1.Header;
import dev.sidelight.hop.v1.Pod;
import dev.sidelight.hop.v1.PodInventory;
import dev.sidelight.hop.v1.ProfileReport;
import dev.sidelight.hop.v1.ProfileState;
import dev.sidelight.hop.v1.ProfiledConnection;
import dev.sidelight.hop.v1.ProfiledProcess;
import dev.sidelight.hop.v1.Role;
import dev.sidelight.hop.v1.TcpHistogram;
import dev.sidelight.hop.v1.TcpTransfer;

/**
 * A pod with python and Envoy: python calls 10.77.0.20:9080, which is redirected to Envoy's port
 * 15001; Envoy calls reviews-v1 at 10.78.0.20.
 */
public final class TestReports {

  /** Of productpage-v1. */
  public static final int NETNS = 42;

  static final long SECOND = 1_000_000_000L;
  static final long APP_COOKIE = 100;
  static final long ENVOY_COOKIE = 101;
  static final long LINK_COOKIE = 200;

  private TestReports() {}

  /** Of node-1: productpage-v1 and a pod without a name. */
  public static PodInventory inventory() {
    return PodInventory.newBuilder()
        .addPods(
            Pod.newBuilder()
                .setNetns(NETNS)
                .addAddresses("10.77.0.13")
                .addAddresses("::ffff:10.77.0.14")
                .setName("productpage-v1-1")
                .setNamespace("bookinfo")
                .setWorkload("productpage-v1")
                .setApp("productpage")
                .setVersion("v1"))
        .addPods(Pod.newBuilder().setNetns(43).addAddresses("10.77.0.15"))
        .build();
  }

  /** Of node-2: reviews-v1. */
  static PodInventory otherInventory() {
    return PodInventory.newBuilder()
        .addPods(
            Pod.newBuilder()
                .setNetns(NETNS)
                .addAddresses("10.78.0.20")
                .setName("reviews-v1-1")
                .setNamespace("bookinfo")
                .setWorkload("reviews-v1"))
        .build();
  }

  /** Of the interval that ends at so many seconds, with a hop and a link. */
  public static ProfileReport.Builder report(String id, long sequence) {
    return empty(id, sequence)
        .addProcesses(
            ProfiledProcess.newBuilder().setPid(7).setName("python3").addListeningPorts(9080))
        .addProcesses(
            ProfiledProcess.newBuilder().setPid(8).setName("envoy").addListeningPorts(15001))
        .addConnections(app())
        .addConnections(envoy())
        .addConnections(link());
  }

  static ProfileReport.Builder empty(String id, long sequence) {
    return ProfileReport.newBuilder()
        .setTaskId(id)
        .setSequence(sequence)
        .setState(ProfileState.RUNNING)
        .setMonotonicNanos((1000 + sequence) * SECOND)
        .setIntervalNanos(SECOND);
  }

  static ProfiledConnection.Builder app() {
    return connection(APP_COOKIE, Role.INITIATOR, "python3")
        .setLocalPort(40_000)
        .setRemoteAddress(address(10, 77, 0, 20))
        .setRemotePort(9080)
        .setPeerCookie(ENVOY_COOKIE)
        .setPeer("envoy")
        .setPeerKind("process")
        .setWrites(transfer(2, 300))
        .setReads(transfer(2, 5_000))
        .setRoundTrips(TcpHistogram.newBuilder().addCounts(0).addCounts(2).setTotalNanos(3_000));
  }

  static ProfiledConnection.Builder envoy() {
    return connection(ENVOY_COOKIE, Role.ACCEPTOR, "envoy")
        .setLocalPort(15_001)
        .setRemoteAddress(address(10, 77, 0, 13))
        .setRemotePort(40_000)
        .setPeerCookie(APP_COOKIE)
        .setPeer("python3")
        .setPeerKind("process")
        .setWrites(transfer(2, 5_000))
        .setReads(transfer(2, 300));
  }

  static ProfiledConnection.Builder link() {
    return connection(LINK_COOKIE, Role.INITIATOR, "envoy")
        .setLocalPort(50_000)
        .setRemoteAddress(address(10, 78, 0, 20))
        .setRemotePort(9080)
        .setPeer("remote")
        .setPeerKind("remote")
        .setProtocol("tls")
        .setTls(true)
        .setWrites(transfer(1, 900))
        .setRetransmits(3)
        .putDrops("NO_SOCKET", 2);
  }

  static ProfiledConnection.Builder connection(long cookie, Role role, String process) {
    return ProfiledConnection.newBuilder()
        .setSocketCookie(cookie)
        .setRole(role)
        .setProcess(process)
        .setLocalAddress(address(10, 77, 0, 13))
        .setProtocol("http1");
  }

  static TcpTransfer.Builder transfer(long calls, long bytes) {
    return TcpTransfer.newBuilder()
        .setCalls(calls)
        .setBytes(bytes)
        .setDurations(
            TcpHistogram.newBuilder().addCounts(0).addCounts(calls).setTotalNanos(2_000 * calls));
  }

  static ExchangeSample.Builder sample(String requestId) {
    return ExchangeSample.newBuilder()
        .setWhy(ExchangeSample.Why.SERVER_ERROR)
        .setSocketCookie(ENVOY_COOKIE)
        .setRole(Role.ACCEPTOR)
        .setProcess("envoy")
        .setStartMonotonicNanos(1_001 * SECOND)
        .setDurationNanos(700_000_000)
        .setProtocol("http1")
        .setMethod("GET")
        .setPathTemplate("/reviews/{id}")
        .setStatus(503)
        .setRequestId(requestId)
        .addRequestHeaders(Header.newBuilder().setName("user-agent").setValue("curl/8"))
        .addRequestHeaders(Header.newBuilder().setName("cookie").setValue("secret"))
        .addResponseHeaders(Header.newBuilder().setName("server"));
  }

  static ByteString address(int... parts) {
    byte[] bytes = new byte[parts.length];
    for (int i = 0; i < parts.length; i++) {
      bytes[i] = (byte) parts[i];
    }
    return ByteString.copyFrom(bytes);
  }
}
