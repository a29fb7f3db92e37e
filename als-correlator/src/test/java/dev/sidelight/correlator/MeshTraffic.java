/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.correlator;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A small mesh's traffic with known truth: calls on shared connections, one exchange at a time on
 * each, and the records of all of them in the order of their arrival at a controller.
 */
final class MeshTraffic {

  static final long BEGIN_NANOS = 100_000_000_000L;
  private static final String OUTSIDE = "10.99.0.1";
  private static final String EXTERNAL = "203.0.113.5";
  private static final long PASS_NANOS = 100_000_000L;

  // deps
  private final List<PlannedCall> plans;
  private final List<NodeTime> nodes;

  // state
  private final List<MeshCall> calls = new ArrayList<>();
  private final List<Arrival> arrivals = new ArrayList<>();
  private final Map<EndKey, MeshCall> callByEnd = new HashMap<>();
  private final Map<String, MeshConnection> connections = new HashMap<>();
  private final List<MeshConnection> opened = new ArrayList<>();
  private long nextCookie = 1;

  /** Traffic on the nodes; each call begins when it is planned to and its connections are free. */
  MeshTraffic(List<PlannedCall> plans, List<NodeTime> nodes) {
    this.plans = plans;
    this.nodes = nodes;
    long beginNanos = BEGIN_NANOS;
    for (PlannedCall plan : plans) {
      beginNanos = begin(plan, beginNanos);
    }
    opened.forEach(MeshConnection::numberStreams);
    for (MeshCall call : calls) {
      call.ends().forEach(end -> callByEnd.put(EndKey.of(end), call));
      call.records((atNanos, record) -> arrivals.add(new Arrival(atNanos, record)));
    }
    arrivals.sort(Comparator.comparingLong(Arrival::atNanos));
  }

  List<MeshCall> calls() {
    return calls;
  }

  MeshCall call(int number) {
    return calls.get(number - 1);
  }

  /** The call that an end is of. */
  MeshCall callOf(ExchangeEnd end) {
    return callByEnd.get(EndKey.of(end));
  }

  /** Whether another call went over the same link with the same request id. */
  boolean hasTwin(MeshCall call) {
    return calls.stream()
        .anyMatch(
            other ->
                other != call
                    && other.plan.route() == call.plan.route()
                    && other.plan.linkConnection() == call.plan.linkConnection()
                    && other.plan.protocol() == call.plan.protocol()
                    && other.plan.requestId() == call.plan.requestId());
  }

  /** Whether its link carried another call's streams, which at the destination's end have no id. */
  boolean hasNeighbourStream(MeshCall call) {
    return call.plan.protocol().isHttp2()
        && calls.stream().anyMatch(other -> other != call && other.hasLinkOf(call));
  }

  /** Whether nothing but their order tells one of its streams from another call's. */
  boolean hasTwinStream(MeshCall call) {
    return call.plan.protocol().isHttp2()
        && calls.stream().anyMatch(other -> other != call && other.hasNamelessOrSameStreamAs(call));
  }

  /**
   * Lets the records arrive and time pass, until the window has passed for the last of them.
   *
   * @param afterEachPass runs after each {@link Correlator#advance}
   */
  void replay(Correlator correlator, long windowNanos, Runnable afterEachPass) {
    long nowNanos = BEGIN_NANOS - 10 * PASS_NANOS;
    int next = 0;
    for (MeshRoute.Pod pod : MeshRoute.Pod.values()) {
      correlator.onHop(seenBefore(pod), nowNanos);
    }
    while (next < arrivals.size()) {
      sampleClocks(correlator, nowNanos);
      for (; next < arrivals.size() && arrivals.get(next).atNanos() <= nowNanos; next++) {
        arrivals.get(next).record().arrive(correlator, arrivals.get(next).atNanos());
      }
      correlator.advance(nowNanos);
      afterEachPass.run();
      nowNanos += PASS_NANOS;
    }
    for (long endNanos = nowNanos + windowNanos; nowNanos <= endNanos; nowNanos += PASS_NANOS) {
      sampleClocks(correlator, nowNanos);
      correlator.advance(nowNanos);
      afterEachPass.run();
    }
  }

  /** Every pod's node is known: its probe has told something. */
  private static HopRecord seenBefore(MeshRoute.Pod pod) {
    TestEnd end = new TestEnd();
    end.initiator = true;
    end.socketCookie = -1L - pod.ordinal();
    end.local = new SocketAddress(pod.address, 39_999);
    end.remote = new SocketAddress(EXTERNAL, 53);
    return new HopRecord("node-" + pod.node, pod.address, end.build(), null, false);
  }

  private void sampleClocks(Correlator correlator, long nowNanos) {
    for (int node = 0; node < nodes.size(); node++) {
      if (nodes.get(node).isSampled(nowNanos)) {
        correlator.onClockSample("node-" + node, nodes.get(node).sample(nowNanos));
      }
    }
  }

  private long begin(PlannedCall plan, long previousNanos) {
    MeshRoute route = plan.route();
    String source = route.source == null ? OUTSIDE : route.source.address;
    String caller = route.isFromGateway() ? OUTSIDE : source;
    String destination = route.destination == null ? EXTERNAL : route.destination.address;
    String behind = route.isToGateway() ? EXTERNAL : destination;
    MeshConnection downstream =
        connection(
            plan,
            new SocketAddress(caller, port(40_000, plan, plan.downstreamConnection())),
            new SocketAddress("10.78.0.13", 9080),
            new SocketAddress("127.0.0.1", 15_001));
    MeshConnection link =
        connection(
            plan,
            new SocketAddress(source, port(50_000, plan, plan.linkConnection())),
            new SocketAddress(destination, 9080),
            new SocketAddress(destination, 15_006));
    // The destination's proxy has its connections upstream for all that call it.
    MeshConnection upstream =
        connection(
            plan,
            new SocketAddress(
                route.isToGateway() ? destination : "127.0.0.6",
                60_000 + 1_000 * plan.protocol().ordinal() + plan.upstreamConnection()),
            new SocketAddress(behind, 9080),
            new SocketAddress(behind, 9080));
    List<MeshConnection> used = List.of(downstream, link, upstream);
    long beginNanos = previousNanos;
    for (MeshConnection connection : used) {
      beginNanos =
          Math.max(
              beginNanos,
              plan.protocol().isHttp2() ? connection.openedNanos : connection.freeNanos);
    }
    beginNanos += plan.gapMicros() * 1_000L;
    MeshCall call =
        new MeshCall(calls.size() + 1, plan, beginNanos, nodes, downstream, link, upstream);
    for (MeshConnection connection : used) {
      connection.freeNanos = Math.max(connection.freeNanos, call.endNanos());
    }
    calls.add(call);
    return Math.max(previousNanos, BEGIN_NANOS) + plan.gapMicros() * 1_000L;
  }

  private static int port(int base, PlannedCall plan, int connection) {
    return base + 1_000 * plan.protocol().ordinal() + plan.route().ordinal() * 10 + connection;
  }

  private MeshConnection connection(
      PlannedCall plan, SocketAddress local, SocketAddress remote, SocketAddress accepted) {
    String key = local + " " + remote;
    MeshConnection old = connections.get(key);
    if (old != null && !plan.reopened()) {
      return old;
    }
    MeshConnection next = new MeshConnection(nextCookie, local, remote, accepted, local);
    // No two connections have the same addresses at one time.
    next.openedNanos = old == null ? 0 : old.freeNanos;
    next.freeNanos = next.openedNanos;
    nextCookie += 2;
    connections.put(key, next);
    opened.add(next);
    return next;
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("nodes ").append(nodes);
    calls.forEach(call -> text.append("\n  ").append(call));
    return text.append("\n  of ").append(plans.size()).append(" planned").toString();
  }

  private record Arrival(long atNanos, MeshCall.MeshRecord record) {}

  private record EndKey(long socketCookie, int exchangeIndex) {
    static EndKey of(ExchangeEnd end) {
      return new EndKey(end.socketCookie(), end.exchangeIndex());
    }
  }
}
