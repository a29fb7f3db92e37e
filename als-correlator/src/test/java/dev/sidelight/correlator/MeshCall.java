/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.correlator;

import dev.sidelight.correlator.MeshRoute.Pod;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * One call of the tests' mesh as it truly was, and the records that its Envoys and kernels write of
 * it. Its path names it; its ends are its own objects; and the nanoseconds of its application's
 * time, and of no other step, are its number.
 */
final class MeshCall {

  /** Between the path's twenty points; see {@link TestCall}. */
  private static final long[] USUAL_STEP_MICROS = {
    0, 20, 40, 200, 30, 40, 150, 10, 20, 100, 0, 10, 20, 150, 30, 40, 100, 20, 20
  };

  private static final int APPLICATION_STEP = 9;
  private static final int RESPONSE_STEP = 10;
  private static final long CONNECT_NANOS = 20_000;
  private static final long FLUSH_NANOS = 300_000_000;

  // deps
  final int number;
  final PlannedCall plan;
  private final long beginNanos;
  private final List<NodeTime> nodes;
  private final MeshConnection downstream;
  private final MeshConnection link;
  private final MeshConnection upstream;
  private final MeshConnection.Exchange sourceHop;
  private final MeshConnection.Exchange between;
  private final MeshConnection.Exchange destinationHop;

  /** The next call on these connections. */
  MeshCall(
      int number,
      PlannedCall plan,
      long beginNanos,
      List<NodeTime> nodes,
      MeshConnection downstream,
      MeshConnection link,
      MeshConnection upstream) {
    this.number = number;
    this.plan = plan;
    this.beginNanos = beginNanos;
    this.nodes = nodes;
    this.downstream = downstream;
    this.link = link;
    this.upstream = upstream;
    this.sourceHop = downstream.next(point(0), 300 + number, 200, plan.protocol().isHttp2());
    this.between = link.next(point(4), 400 + number, 300, plan.protocol().isHttp2());
    this.destinationHop = upstream.next(point(7), 350 + number, 250, plan.protocol().isHttp2());
    if (link.connectNanos == 0 && plan.reopened()) {
      link.connectNanos = point(3) + 10_000;
    }
    stampEnds();
  }

  boolean hasLinkOf(MeshCall other) {
    return link.hasAddressesOf(other.link);
  }

  /**
   * Whether a stream of this call has the same request id as one of the other on the same
   * connection, or on one with the same addresses, which is all that a log knows of it; or both
   * have none: the probe reads ids where they are sent.
   */
  boolean hasNamelessOrSameStreamAs(MeshCall other) {
    boolean sameDownstream = downstream.hasAddressesOf(other.downstream);
    boolean sameLink = link.hasAddressesOf(other.link);
    MeshRoute route = plan.route();
    return (plan.requestId() == other.plan.requestId()
            && (sameDownstream || sameLink || upstream.hasAddressesOf(other.upstream)))
        || (sameDownstream && route.isFromGateway())
        || (sameLink && (route.source == null || route.isToGateway()));
  }

  String path() {
    return "/reviews/" + number;
  }

  /** Which call an identity is of: the last part of its path. */
  static int numberOf(String path) {
    return Integer.parseInt(path.substring(path.lastIndexOf('/') + 1));
  }

  /** True time of the path's nth point: 0 the app's first send, 19 its last read. */
  long point(int n) {
    long nanos = beginNanos;
    for (int step = 0; step < n; step++) {
      nanos += stepNanos(step);
    }
    return nanos;
  }

  long endNanos() {
    return point(19);
  }

  /**
   * What a call with full coverage must say, but for what of the source's sidecar is connect or
   * retry.
   */
  Map<LatencyComponent, Long> components() {
    Map<LatencyComponent, Long> nanos = new EnumMap<>(LatencyComponent.class);
    if (!plan.route().isFromGateway()) {
      nanos.put(LatencyComponent.REQUEST_TRANSFER, stepNanos(0));
      nanos.put(LatencyComponent.SOURCE_HOP, stepNanos(1) + stepNanos(17));
      nanos.put(LatencyComponent.SOURCE_APPLICATION_READ, stepNanos(18));
    }
    nanos.put(LatencyComponent.SOURCE_SIDECAR_QUEUE, stepNanos(2) + stepNanos(15));
    nanos.put(LatencyComponent.SOURCE_SIDECAR, stepNanos(3) + stepNanos(16));
    nanos.put(LatencyComponent.NETWORK, stepNanos(4) + stepNanos(14));
    nanos.put(LatencyComponent.DESTINATION_SIDECAR_QUEUE, stepNanos(5) + stepNanos(12));
    nanos.put(LatencyComponent.DESTINATION_SIDECAR, stepNanos(6) + stepNanos(13));
    if (plan.route().isToGateway()) {
      nanos.put(LatencyComponent.DESTINATION_UNSPLIT, point(12) - point(7));
      return nanos;
    }
    nanos.put(LatencyComponent.DESTINATION_HOP, stepNanos(7) + stepNanos(11));
    nanos.put(LatencyComponent.APPLICATION_QUEUE, stepNanos(8));
    nanos.put(LatencyComponent.APPLICATION, stepNanos(APPLICATION_STEP));
    nanos.put(LatencyComponent.RESPONSE_TRANSFER, stepNanos(10));
    return nanos;
  }

  /** The ends, as the kernel has them. */
  List<ExchangeEnd> ends() {
    List<ExchangeEnd> ends = new ArrayList<>();
    for (MeshConnection.Exchange exchange : List.of(sourceHop, between, destinationHop)) {
      ends.add(exchange.initiator().build());
      ends.add(exchange.acceptor().build());
    }
    return ends;
  }

  /**
   * Hands over every record with the time at which it could arrive: entries at the stream's end,
   * ends at the exchange's. A copy comes as often, and as late, as its fate is.
   */
  void records(BiConsumer<Long, MeshRecord> sink) {
    Pod source = plan.route().source;
    Pod destination = plan.route().destination;
    List<Sent> sent = new ArrayList<>();
    if (source != null) {
      sent.add(new Sent(point(17), (c, now) -> c.onAccessLog(sourceEntry(), now)));
      TestEnd app = source.isGateway() ? null : sourceHop.initiator();
      hops(sent, source, app, sourceHop.acceptor());
      if (isLinkReadable()) {
        hops(sent, source, between.initiator(), null);
      }
      for (int attempt = 0; attempt < plan.attempts() && plan.attempts() > 1; attempt++) {
        AccessLogEntry entry = attempt(attempt);
        sent.add(new Sent(point(17), (c, now) -> c.onAccessLog(entry, now)));
      }
    }
    if (destination != null) {
      sent.add(new Sent(point(14), (c, now) -> c.onAccessLog(destinationEntry(), now)));
      if (isLinkReadable()) {
        hops(sent, destination, null, between.acceptor());
      }
      TestEnd app = destination.isGateway() ? null : destinationHop.acceptor();
      hops(sent, destination, destinationHop.initiator(), app);
      if (hasPaused() && app != null) {
        hop(sent, destination, null, beforeItsPause(app), point(10) + FLUSH_NANOS);
      }
    }
    for (int i = 0; i < sent.size(); i++) {
      PlannedCall.Fate fate = plan.fates().get(i);
      for (int copy = 0; copy < fate.copies(); copy++) {
        sink.accept(sent.get(i).atNanos() + fate.delayMillis() * 1_000_000L, sent.get(i).record());
      }
    }
  }

  private void hops(List<Sent> sent, Pod pod, TestEnd initiator, TestEnd acceptor) {
    if (initiator != null && acceptor != null && plan.endsApart()) {
      hops(sent, pod, initiator, null);
      hops(sent, pod, null, acceptor);
      return;
    }
    hop(sent, pod, initiator, acceptor, endNanos() + (plan.flushed() ? FLUSH_NANOS : 0));
  }

  private void hop(List<Sent> sent, Pod pod, TestEnd initiator, TestEnd acceptor, long atNanos) {
    HopRecord hop =
        new HopRecord(
            "node-" + pod.node,
            pod.address,
            initiator == null ? null : initiator.build(),
            acceptor == null ? null : acceptor.build(),
            false);
    sent.add(new Sent(atNanos, (c, now) -> c.onHop(hop, now)));
  }

  private boolean isLinkReadable() {
    return plan.protocol() != MeshProtocol.HTTP2_ENCRYPTED;
  }

  /** Whether the app's response paused for so long that the probe sent what there was. */
  private boolean hasPaused() {
    return plan.flushed() && stepNanos(RESPONSE_STEP) > FLUSH_NANOS;
  }

  private static TestEnd beforeItsPause(TestEnd app) {
    TestEnd half = new TestEnd(app.build());
    half.lastSendNanos = half.firstSendNanos;
    half.sendEnd = half.sendStart + 50;
    half.flags |= ExchangeEnd.IDLE_FLUSH;
    return half;
  }

  private AccessLogEntry sourceEntry() {
    Pod pod = plan.route().source;
    return entry(pod, TrafficDirection.OUTBOUND, 3, 17)
        .firstUpstreamTxNanos(point(4) - point(3) - 2_000)
        .lastUpstreamTxNanos(point(4) - point(3) - 1_000)
        .firstUpstreamRxNanos(point(16) - point(3) + 1_000)
        .lastUpstreamRxNanos(point(16) - point(3) + 2_000)
        .attemptCount(plan.attempts())
        .downstreamRemote(downstream.acceptorRemote)
        .upstreamLocal(link.initiatorLocal)
        .upstreamRemote(link.initiatorRemote)
        .build();
  }

  private AccessLogEntry destinationEntry() {
    boolean gateway = plan.route().isToGateway();
    TrafficDirection direction = gateway ? TrafficDirection.OUTBOUND : TrafficDirection.INBOUND;
    return entry(plan.route().destination, direction, 6, 14)
        .firstUpstreamTxNanos(point(7) - point(6) - 2_000)
        .lastUpstreamTxNanos(point(7) - point(6) - 1_000)
        .firstUpstreamRxNanos(point(13) - point(6) + 1_000)
        .lastUpstreamRxNanos(point(13) - point(6) + 2_000)
        .attemptCount(1)
        .downstreamRemote(link.acceptorRemote)
        .upstreamLocal(upstream.initiatorLocal)
        .upstreamRemote(upstream.initiatorRemote)
        .build();
  }

  private AccessLogEntry attempt(int attempt) {
    return entry(plan.route().source, TrafficDirection.OUTBOUND, 3, 17)
        .kind(AccessLogEntry.Kind.UPSTREAM_END)
        .startEpochNanos(sourceEntry().startEpochNanos() + (1 + attempt) * 20_000L)
        .downstreamRemote(downstream.acceptorRemote)
        .build();
  }

  private AccessLogEntryBuilder entry(Pod pod, TrafficDirection direction, int from, int to) {
    long startNanos = nodes.get(pod.node).epochNanos(point(from) + 3_000);
    return AccessLogEntry.builder()
        .proxy(pod.proxy())
        .direction(direction)
        .startEpochNanos(startNanos / 1_000 * 1_000) // as Envoy's
        .firstDownstreamTxNanos(point(to) - point(from) - 5_000)
        .lastDownstreamTxNanos(point(to) - point(from) - 4_000)
        .durationNanos(point(to) - point(from))
        .method("GET")
        .path(path())
        .requestId(requestId())
        .streamId("stream-" + number)
        .downstreamHttp2(plan.protocol().isHttp2())
        .upstreamHttp2(plan.protocol().isHttp2())
        .responseCode(200);
  }

  private String requestId() {
    return "request-" + plan.requestId();
  }

  private void stampEnds() {
    Pod source = plan.route().source;
    Pod destination = plan.route().destination;
    if (source != null) {
      stamp(sourceHop.initiator(), source, 0, 1, 18, 19);
      stamp(sourceHop.acceptor(), source, 17, 17, 2, 3);
      stamp(between.initiator(), source, 4, 4, 15, 16);
      sourceHop.initiator().requestId = requestId();
      between.initiator().requestId = plan.protocol().isHttp2() ? requestId() : "";
      if (link.connectNanos != 0) {
        NodeTime node = nodes.get(source.node);
        between.initiator().connectNanos = node.monotonicNanos(link.connectNanos);
        between.initiator().establishedNanos =
            node.monotonicNanos(link.connectNanos + CONNECT_NANOS);
      }
    }
    if (destination != null) {
      stamp(between.acceptor(), destination, 14, 14, 5, 6);
      stamp(destinationHop.initiator(), destination, 7, 7, 12, 13);
      stamp(destinationHop.acceptor(), destination, 10, 11, 8, 9);
      destinationHop.initiator().requestId = requestId();
    }
  }

  /** Of an exchange whose connection lay idle afterwards the record is a flushed one. */
  private void stamp(TestEnd end, Pod pod, int firstSend, int lastSend, int arrival, int read) {
    NodeTime node = nodes.get(pod.node);
    end.flags = plan.flushed() ? ExchangeEnd.IDLE_FLUSH : 0;
    end.firstSendNanos = node.monotonicNanos(point(firstSend));
    end.lastSendNanos = node.monotonicNanos(point(lastSend));
    end.firstArrivalNanos = node.monotonicNanos(point(arrival));
    end.lastArrivalNanos = end.firstArrivalNanos;
    end.firstReadNanos = node.monotonicNanos(point(read));
    end.lastReadNanos = end.firstReadNanos;
  }

  private long stepNanos(int step) {
    long micros = USUAL_STEP_MICROS[step] + (step == plan.slowStep() ? plan.slowMicros() : 0);
    return micros * 1_000 + (step == APPLICATION_STEP ? number : 0);
  }

  @Override
  public String toString() {
    return "call " + number + " at " + beginNanos + ": " + plan;
  }

  /** A record on its way to a correlator. */
  interface MeshRecord {
    void arrive(Correlator correlator, long nowNanos);
  }

  private record Sent(long atNanos, MeshRecord record) {}
}
