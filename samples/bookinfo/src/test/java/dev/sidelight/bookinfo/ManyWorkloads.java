/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.bookinfo;

import com.google.protobuf.Duration;
import com.google.protobuf.Struct;
import com.google.protobuf.UInt32Value;
import com.google.protobuf.Value;
import com.google.protobuf.util.Durations;
import com.google.protobuf.util.Timestamps;
import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.config.core.v3.RequestMethod;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import io.envoyproxy.envoy.data.accesslog.v3.AccessLogCommon;
import io.envoyproxy.envoy.data.accesslog.v3.AccessLogType;
import io.envoyproxy.envoy.data.accesslog.v3.HTTPAccessLogEntry;
import io.envoyproxy.envoy.data.accesslog.v3.HTTPRequestProperties;
import io.envoyproxy.envoy.data.accesslog.v3.HTTPResponseProperties;
import io.envoyproxy.envoy.service.accesslog.v3.AccessLogServiceGrpc;
import io.envoyproxy.envoy.service.accesslog.v3.StreamAccessLogsMessage;
import io.envoyproxy.envoy.service.accesslog.v3.StreamAccessLogsMessage.Identifier;
import io.envoyproxy.envoy.service.accesslog.v3.StreamAccessLogsResponse;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * The access logs of so many sidecars as their Envoys would send them, a stream each: once a second
 * every workload calls those that it depends on. Workload n is called by n / 2, and every third
 * also by n - 7, so that the graph is a tree with cross links.
 */
final class ManyWorkloads implements AutoCloseable {

  private static final int NAMESPACES = 10;
  private static final int PORT = 9080;

  /** Fewer streams a connection than HTTP/2 servers allow by default. */
  private static final int STREAMS_PER_CHANNEL = 80;

  private record Edge(int source, int destination) {}

  // deps
  private final List<ManagedChannel> channels = new ArrayList<>();
  private final List<StreamObserver<StreamAccessLogsMessage>> streams = new ArrayList<>();
  private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();

  // state
  private final List<Edge> edges;
  private Future<?> calling;
  private long round;

  private ManyWorkloads(List<Edge> edges) {
    this.edges = edges;
  }

  /** Begins to send to a controller, until it is closed. */
  static ManyWorkloads sendTo(int alsPort, int workloads) {
    List<Edge> edges = new ArrayList<>();
    for (int n = 1; n < workloads; n++) {
      edges.add(new Edge(n / 2, n));
      if (n % 3 == 0 && n > 14) {
        edges.add(new Edge(n - 7, n));
      }
    }
    ManyWorkloads all = new ManyWorkloads(edges);
    for (int n = 0; n < workloads; n++) {
      all.connect(alsPort, n);
    }
    all.calling = all.clock.scheduleAtFixedRate(all::callAll, 0, 1, TimeUnit.SECONDS);
    return all;
  }

  int edges() {
    return edges.size();
  }

  private void connect(int alsPort, int workload) {
    if (workload % STREAMS_PER_CHANNEL == 0) {
      channels.add(NettyChannelBuilder.forAddress("127.0.0.1", alsPort).usePlaintext().build());
    }
    StreamObserver<StreamAccessLogsMessage> stream =
        AccessLogServiceGrpc.newStub(channels.get(channels.size() - 1))
            .streamAccessLogs(new NoAnswer());
    stream.onNext(StreamAccessLogsMessage.newBuilder().setIdentifier(identifier(workload)).build());
    streams.add(stream);
  }

  private void callAll() {
    long nowMillis = System.currentTimeMillis();
    List<StreamAccessLogsMessage.Builder> messages =
        IntStream.range(0, streams.size())
            .mapToObj(n -> StreamAccessLogsMessage.newBuilder())
            .toList();
    for (int i = 0; i < edges.size(); i++) {
      Edge edge = edges.get(i);
      int port = 10_000 + (int) (i * 20L % 40_000 + round % 20);
      String requestId = round + "-" + i;
      add(messages.get(edge.source), outbound(edge, port, nowMillis, requestId));
      add(messages.get(edge.destination), inbound(edge, port, nowMillis, requestId));
    }
    for (int n = 0; n < streams.size(); n++) {
      streams.get(n).onNext(messages.get(n).build());
    }
    round++;
  }

  private static void add(StreamAccessLogsMessage.Builder message, HTTPAccessLogEntry entry) {
    message.getHttpLogsBuilder().addLogEntry(entry);
  }

  private static HTTPAccessLogEntry outbound(
      Edge edge, int port, long startMillis, String requestId) {
    AccessLogCommon.Builder common =
        common("outbound", startMillis, 12 + edge.destination % 40)
            .setDownstreamRemoteAddress(socket(address(edge.source), port))
            .setDownstreamLocalAddress(socket(address(edge.destination), PORT))
            .setUpstreamLocalAddress(socket(address(edge.source), port))
            .setUpstreamRemoteAddress(socket(address(edge.destination), PORT))
            .setUpstreamCluster("outbound|" + PORT + "||" + host(edge.destination));
    return entry(common, edge, requestId);
  }

  private static HTTPAccessLogEntry inbound(
      Edge edge, int port, long startMillis, String requestId) {
    AccessLogCommon.Builder common =
        common("inbound", startMillis + 1, 8 + edge.destination % 40)
            .setDownstreamRemoteAddress(socket(address(edge.source), port))
            .setDownstreamLocalAddress(socket(address(edge.destination), PORT))
            .setUpstreamLocalAddress(socket("127.0.0.6", 40_000))
            .setUpstreamRemoteAddress(socket(address(edge.destination), PORT))
            .setUpstreamCluster("inbound|" + PORT + "||");
    return entry(common, edge, requestId);
  }

  private static AccessLogCommon.Builder common(
      String direction, long startMillis, int durationMillis) {
    return AccessLogCommon.newBuilder()
        .setAccessLogType(AccessLogType.DownstreamEnd)
        .setStartTime(Timestamps.fromMillis(startMillis))
        .setTimeToLastRxByte(millis(0))
        .setTimeToFirstUpstreamTxByte(millis(1))
        .setTimeToLastUpstreamTxByte(millis(1))
        .setTimeToFirstUpstreamRxByte(millis(durationMillis - 1))
        .setTimeToLastUpstreamRxByte(millis(durationMillis - 1))
        .setTimeToFirstDownstreamTxByte(millis(durationMillis))
        .setTimeToLastDownstreamTxByte(millis(durationMillis))
        .setDuration(millis(durationMillis))
        .putCustomTags("sidelight.direction", direction)
        .putCustomTags("sidelight.log", "downstream");
  }

  private static HTTPAccessLogEntry entry(
      AccessLogCommon.Builder common, Edge edge, String requestId) {
    return HTTPAccessLogEntry.newBuilder()
        .setCommonProperties(common.setStreamId(UUID.randomUUID().toString()))
        .setProtocolVersion(HTTPAccessLogEntry.HTTPVersion.HTTP11)
        .setRequest(
            HTTPRequestProperties.newBuilder()
                .setRequestMethod(RequestMethod.GET)
                .setAuthority(host(edge.destination))
                .setPath("/")
                .setRequestId(requestId))
        .setResponse(HTTPResponseProperties.newBuilder().setResponseCode(UInt32Value.of(200)))
        .build();
  }

  private static Identifier identifier(int workload) {
    Struct labels =
        Struct.newBuilder()
            .putFields("service.istio.io/canonical-name", text(app(workload)))
            .putFields("service.istio.io/canonical-revision", text("v1"))
            .build();
    Struct metadata =
        Struct.newBuilder()
            .putFields("CLUSTER_ID", text("Kubernetes"))
            .putFields("NAMESPACE", text(namespace(workload)))
            .putFields("WORKLOAD_NAME", text(app(workload) + "-v1"))
            .putFields("LABELS", Value.newBuilder().setStructValue(labels).build())
            .build();
    String id =
        "sidecar~%s~%s-v1-0.%s~%s.svc.cluster.local"
            .formatted(address(workload), app(workload), namespace(workload), namespace(workload));
    return Identifier.newBuilder()
        .setNode(Node.newBuilder().setId(id).setMetadata(metadata))
        .setLogName("sidelight")
        .build();
  }

  private static String app(int workload) {
    return "service-%03d".formatted(workload);
  }

  private static String namespace(int workload) {
    return "team-" + workload % NAMESPACES;
  }

  private static String host(int workload) {
    return app(workload) + "." + namespace(workload) + ".svc.cluster.local";
  }

  private static String address(int workload) {
    return "10.80.%d.%d".formatted(workload / 200, 1 + workload % 200);
  }

  private static Address socket(String address, int port) {
    return Address.newBuilder()
        .setSocketAddress(SocketAddress.newBuilder().setAddress(address).setPortValue(port))
        .build();
  }

  private static Value text(String value) {
    return Value.newBuilder().setStringValue(value).build();
  }

  private static Duration millis(long millis) {
    return Durations.fromMillis(millis);
  }

  @Override
  public void close() {
    calling.cancel(false);
    clock.shutdownNow();
    channels.forEach(ManagedChannel::shutdownNow);
  }

  /** The service answers nothing before a stream's end. */
  private static final class NoAnswer implements StreamObserver<StreamAccessLogsResponse> {
    @Override
    public void onNext(StreamAccessLogsResponse response) {
      throw new IllegalStateException("an answer to access logs: " + response);
    }

    @Override
    public void onError(Throwable cause) {
      // Cancelled by the test's end.
    }

    @Override
    public void onCompleted() {}
  }
}
