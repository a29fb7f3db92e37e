/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.correlator.bench;

import dev.sidelight.correlator.AccessLogEntry;
import dev.sidelight.correlator.AccessLogEntryBuilder;
import dev.sidelight.correlator.ExchangeEnd;
import dev.sidelight.correlator.HopRecord;
import dev.sidelight.correlator.Proxy;
import dev.sidelight.correlator.ProxyType;
import dev.sidelight.correlator.SocketAddress;
import dev.sidelight.correlator.TrafficDirection;
import dev.sidelight.correlator.Workload;

/**
 * Calls between sidecars, each of 2 entries and 6 ends: what the probe and Envoy say of a call of
 * one millisecond over pooled connections.
 */
final class Traffic {
  /** Of one call: two entries and six ends. */
  static final int RECORDS_PER_CALL = 8;

  /** When the first call begins. */
  static final long BEGIN_NANOS = 1_000_000_000L;

  static final String NODE = "node";
  static final long EPOCH_OFFSET_NANOS = 1_700_000_000_000_000_000L;

  private static final int PODS = 100;

  /**
   * Calls come again in an order of their own time: their connections are not those of the calls
   * that the window still holds, so that on a connection time goes on as it does in life.
   */
  private static final int GENERATIONS = 5;

  private static final int CONNECTIONS_PER_GENERATION = 3;
  private static final int CONNECTIONS_PER_POD = GENERATIONS * CONNECTIONS_PER_GENERATION;

  /** Odd, so that it makes different positions of different numbers. */
  private static final int SPREAD = 0x9E3779B1;

  /** One call's records. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Call(AccessLogEntry source, AccessLogEntry destination, HopRecord[] hops) {}

  private final SocketAddress[][] addresses = new SocketAddress[PODS][5 * CONNECTIONS_PER_POD];
  private final Proxy[] proxies = new Proxy[PODS];
  private final int calls;
  private final long nanosPerCall;

  /**
   * Calls that begin one after another.
   *
   * @param calls how many
   * @param nanosPerCall from one's beginning to the next one's
   */
  Traffic(int calls, long nanosPerCall) {
    this.calls = calls;
    this.nanosPerCall = nanosPerCall;
    for (int pod = 0; pod < PODS; pod++) {
      String address = "10.0." + pod / 50 + "." + (pod % 50 + 1);
      for (int i = 0; i < addresses[pod].length; i++) {
        addresses[pod][i] = new SocketAddress(address, 20_000 + i);
      }
      Workload workload = new Workload("Kubernetes", "bench", "app-" + pod, "app-" + pod, "v1");
      proxies[pod] =
          new Proxy(
              "sidecar~" + address + "~app-" + pod + ".bench~bench.svc",
              ProxyType.SIDECAR,
              address,
              workload);
    }
  }

  /** The nth. */
  Call call(int index) {
    int source = index % PODS;
    int generation = (int) ((long) index * GENERATIONS / calls);
    int connection =
        generation * CONNECTIONS_PER_GENERATION + index / PODS % CONNECTIONS_PER_GENERATION;
    int destination = (source + 1 + connection) % PODS;
    String hopsId = requestId(index);
    String entriesId = requestId(index);
    long start = BEGIN_NANOS + index * nanosPerCall;
    SocketAddress app = addresses[source][connection];
    SocketAddress link = addresses[source][CONNECTIONS_PER_POD + connection];
    SocketAddress linkPeer = addresses[destination][4 * CONNECTIONS_PER_POD];
    SocketAddress inbound = addresses[destination][2 * CONNECTIONS_PER_POD + connection];
    SocketAddress service = addresses[destination][4 * CONNECTIONS_PER_POD + 1];
    SocketAddress redirected = addresses[source][4 * CONNECTIONS_PER_POD + 2];
    String sourcePod = proxies[source].podAddress();
    String destinationPod = proxies[destination].podAddress();
    HopRecord[] hops = {
      new HopRecord(
          NODE,
          sourcePod,
          initiator(index, hopsId, 0, source, app, service, start, 0, 950_000, 1_000_000),
          acceptor(index, 0, source, redirected, app, start, 20_000, 60_000, 930_000),
          false),
      new HopRecord(
          NODE,
          sourcePod,
          initiator(index, hopsId, 1, source, link, linkPeer, start, 260_000, 800_000, 820_000),
          null,
          false),
      new HopRecord(
          NODE,
          destinationPod,
          null,
          acceptor(index, 1, destination, linkPeer, link, start, 290_000, 320_000, 770_000),
          false),
      new HopRecord(
          NODE,
          destinationPod,
          initiator(
              index, hopsId, 2, destination, inbound, linkPeer, start, 480_000, 600_000, 620_000),
          acceptor(index, 2, destination, linkPeer, inbound, start, 490_000, 500_000, 590_000),
          false),
    };
    AccessLogEntry from =
        entry(index, entriesId, source, TrafficDirection.OUTBOUND, start + 65_000, 865_000)
            .downstreamRemote(app)
            .upstreamLocal(link)
            .upstreamRemote(linkPeer)
            .firstUpstreamTxNanos(190_000)
            .lastUpstreamTxNanos(190_000)
            .firstUpstreamRxNanos(760_000)
            .lastUpstreamRxNanos(760_000)
            .upstreamCluster("outbound|9080||app.bench.svc.cluster.local")
            .build();
    AccessLogEntry to =
        entry(index, entriesId, destination, TrafficDirection.INBOUND, start + 325_000, 445_000)
            .downstreamRemote(link)
            .upstreamLocal(inbound)
            .upstreamRemote(linkPeer)
            .firstUpstreamTxNanos(150_000)
            .lastUpstreamTxNanos(150_000)
            .firstUpstreamRxNanos(300_000)
            .lastUpstreamRxNanos(300_000)
            .upstreamCluster("inbound|9080||")
            .build();
    return new Call(from, to, hops);
  }

  private AccessLogEntryBuilder entry(
      int index,
      String requestId,
      int pod,
      TrafficDirection direction,
      long startNanos,
      long durationNanos) {
    return AccessLogEntry.builder()
        .proxy(proxies[pod])
        .direction(direction)
        .startEpochNanos((startNanos + EPOCH_OFFSET_NANOS) / 1_000 * 1_000)
        .firstDownstreamTxNanos(durationNanos - 5_000)
        .lastDownstreamTxNanos(durationNanos - 4_000)
        .durationNanos(durationNanos)
        .method("GET")
        .path("/reviews/0")
        .requestId(requestId)
        .streamId(requestId(-1 - index))
        .attemptCount(1)
        .responseCode(200);
  }

  private static ExchangeEnd initiator(
      int index,
      String requestId,
      int segment,
      int pod,
      SocketAddress local,
      SocketAddress remote,
      long start,
      long sendNanos,
      long arrivalNanos,
      long readNanos) {
    int request = position(index, segment);
    int response = position(index, segment + 3);
    return new ExchangeEnd(
        cookie(pod, local),
        index,
        true,
        local,
        remote,
        0,
        0,
        start + sendNanos,
        start + sendNanos,
        start + arrivalNanos,
        start + arrivalNanos,
        start + readNanos,
        start + readNanos,
        request - 300,
        request,
        response - 1_000,
        response,
        50_000,
        0,
        0,
        "app",
        "GET",
        "/reviews/{id}",
        0,
        segment == 1 ? "" : requestId,
        0);
  }

  private static ExchangeEnd acceptor(
      int index,
      int segment,
      int pod,
      SocketAddress local,
      SocketAddress remote,
      long start,
      long arrivalNanos,
      long readNanos,
      long sendNanos) {
    int request = position(index, segment);
    int response = position(index, segment + 3);
    return new ExchangeEnd(
        cookie(pod, remote) + 1,
        index,
        false,
        local,
        remote,
        0,
        0,
        start + sendNanos,
        start + sendNanos,
        start + arrivalNanos,
        start + arrivalNanos,
        start + readNanos,
        start + readNanos,
        response - 1_000,
        response,
        request - 300,
        request,
        50_000,
        0,
        0,
        "envoy",
        "",
        "",
        200,
        "",
        0);
  }

  private static long cookie(int pod, SocketAddress address) {
    return 2L * (pod * 100_000L + address.port());
  }

  private static int position(int index, int part) {
    return (6 * index + part) * SPREAD;
  }

  private static String requestId(int index) {
    return String.format("%08x-0000-4000-8000-%012x", index * SPREAD, index);
  }
}
