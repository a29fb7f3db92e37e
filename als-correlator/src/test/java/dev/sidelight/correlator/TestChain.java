/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.correlator;

import java.util.ArrayList;
import java.util.List;

/**
 * One request through a row of proxies, as the kernel and every Envoy would tell of it. Connection
 * n lies before proxy n, the last one behind the last proxy; on each the request is sent, arrives
 * and is read, and then the response, on the way back. The distance between two of these points is
 * never the same.
 */
final class TestChain {

  static final SocketAddress OUTSIDE = new SocketAddress("203.0.113.9", 40_001);
  private static final SocketAddress EXTERNAL = new SocketAddress("203.0.113.5", 443);
  private static final long BEGIN_NANOS = JoinHarness.BEGIN_NANOS;

  // deps
  private final List<ProxyType> proxies;
  private final List<MeshConnection.Exchange> exchanges = new ArrayList<>();

  // state: what a test chooses

  /** Links are HTTP/2 that cannot be cut into requests: they have no records. */
  boolean encryptedLinks;

  /** The last proxy answers itself. */
  boolean direct;

  TestChain(ProxyType... proxies) {
    this.proxies = List.of(proxies);
    for (int n = 0; n <= proxies.length; n++) {
      MeshConnection connection =
          new MeshConnection(1 + 2L * n, local(n), remote(n), accepted(n), local(n));
      MeshConnection.Exchange exchange = connection.next(0, 300, 200, false);
      stamp(exchange.initiator(), sent(n), answerArrived(n), answerRead(n));
      stamp(exchange.acceptor(), answered(n), arrived(n), read(n));
      exchanges.add(exchange);
    }
  }

  private static void stamp(TestEnd end, long send, long arrival, long read) {
    end.firstSendNanos = send;
    end.lastSendNanos = send;
    end.firstArrivalNanos = arrival;
    end.lastArrivalNanos = arrival;
    end.firstReadNanos = read;
    end.lastReadNanos = read;
  }

  /** Proxies in the row. */
  int size() {
    return proxies.size();
  }

  long sent(int connection) {
    return point(3 * connection);
  }

  long arrived(int connection) {
    return point(3 * connection + 1);
  }

  long read(int connection) {
    return point(3 * connection + 2);
  }

  long answered(int connection) {
    return point(back(connection));
  }

  long answerArrived(int connection) {
    return point(back(connection) + 1);
  }

  long answerRead(int connection) {
    return point(back(connection) + 2);
  }

  private int back(int connection) {
    return 3 * (2 * proxies.size() + 1 - connection);
  }

  /** The nth point of the path: the distance to the next is 10 us more than the one before. */
  private static long point(int n) {
    return BEGIN_NANOS + n * (n + 1) / 2 * 10_000L;
  }

  Workload workload(int proxy) {
    return proxy(proxy).workload();
  }

  private Proxy proxy(int n) {
    String kind = proxies.get(n) == ProxyType.GATEWAY ? "router" : "sidecar";
    return new Proxy(
        kind + "~" + pod(n) + "~a~b",
        proxies.get(n),
        pod(n),
        new Workload("Kubernetes", "bookinfo", "proxy-" + n, "proxy-" + n, "v1"));
  }

  private static String pod(int n) {
    return "10.77.0." + (11 + n);
  }

  private boolean isGateway(int n) {
    return proxies.get(n) == ProxyType.GATEWAY;
  }

  SocketAddress local(int connection) {
    if (connection == 0) {
      return isGateway(0) ? OUTSIDE : new SocketAddress(pod(0), 40_001);
    }
    boolean toItsApp = connection == proxies.size() && !isGateway(connection - 1);
    return toItsApp
        ? new SocketAddress("127.0.0.6", 60_001)
        : new SocketAddress(pod(connection - 1), 50_000 + connection);
  }

  private SocketAddress remote(int connection) {
    if (connection == 0) {
      return new SocketAddress("10.78.0.13", 9080);
    }
    if (connection < proxies.size()) {
      return new SocketAddress(pod(connection), 9080);
    }
    return isGateway(connection - 1) ? EXTERNAL : new SocketAddress(pod(connection - 1), 9080);
  }

  private SocketAddress accepted(int connection) {
    boolean redirected = connection < proxies.size() && !isGateway(connection);
    return redirected ? new SocketAddress("127.0.0.1", 15_001) : remote(connection);
  }

  AccessLogEntry entry(int proxy) {
    return entryBuilder(proxy).build();
  }

  AccessLogEntryBuilder entryBuilder(int proxy) {
    long startNanos = read(proxy) + 3_000;
    boolean outbound = proxy == 0 || isGateway(proxy);
    boolean hasUpstream = !direct || proxy < proxies.size() - 1;
    AccessLogEntryBuilder entry =
        AccessLogEntry.builder()
            .proxy(proxy(proxy))
            .direction(outbound ? TrafficDirection.OUTBOUND : TrafficDirection.INBOUND)
            .startEpochNanos((startNanos + TestCall.EPOCH_OFFSET_NANOS) / 1_000 * 1_000)
            .firstDownstreamTxNanos(answered(proxy) - startNanos - 2_000)
            .lastDownstreamTxNanos(answered(proxy) - startNanos - 1_000)
            .durationNanos(answered(proxy) - startNanos)
            .downstreamRemote(local(proxy))
            .downstreamHttp2(encryptedLinks && proxy > 0)
            .upstreamHttp2(encryptedLinks && proxy < proxies.size() - 1)
            .method("GET")
            .path("/reviews/0")
            .requestId("request-1")
            .streamId("stream-" + proxy)
            .attemptCount(1)
            .responseCode(200);
    return hasUpstream
        ? entry
            .firstUpstreamTxNanos(sent(proxy + 1) - startNanos - 2_000)
            .lastUpstreamTxNanos(sent(proxy + 1) - startNanos - 1_000)
            .firstUpstreamRxNanos(answerRead(proxy + 1) - startNanos + 1_000)
            .lastUpstreamRxNanos(answerRead(proxy + 1) - startNanos + 2_000)
            .upstreamLocal(local(proxy + 1))
            .upstreamRemote(remote(proxy + 1))
        : entry;
  }

  /** What the kernel saw in each pod. */
  List<HopRecord> hops() {
    List<HopRecord> hops = new ArrayList<>();
    int last = proxies.size();
    hops.add(hop(0, isGateway(0) ? null : initiator(0), acceptor(0)));
    for (int link = 1; link < last && !encryptedLinks; link++) {
      hops.add(hop(link - 1, initiator(link), null));
      hops.add(hop(link, null, acceptor(link)));
    }
    if (!direct) {
      hops.add(hop(last - 1, initiator(last), isGateway(last - 1) ? null : acceptor(last)));
    }
    return hops;
  }

  ExchangeEnd initiator(int connection) {
    return exchanges.get(connection).initiator().build();
  }

  ExchangeEnd acceptor(int connection) {
    return exchanges.get(connection).acceptor().build();
  }

  private static HopRecord hop(int proxy, ExchangeEnd initiator, ExchangeEnd acceptor) {
    return new HopRecord(TestCall.NODE, pod(proxy), initiator, acceptor, false);
  }
}
