/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.xds;

import io.envoyproxy.envoy.data.accesslog.v3.HTTPAccessLogEntry;
import io.envoyproxy.envoy.service.accesslog.v3.AccessLogServiceGrpc;
import io.envoyproxy.envoy.service.accesslog.v3.StreamAccessLogsMessage;
import io.envoyproxy.envoy.service.accesslog.v3.StreamAccessLogsResponse;
import io.grpc.stub.StreamObserver;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.grpcio.server.GrpcIoServer;
import io.vertx.grpcio.server.GrpcIoServiceBridge;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Serves a control plane as the controller does, and keeps the access logs that it is sent. */
final class TestController implements AutoCloseable {

  private final Vertx vertx =
      Vertx.vertx(new VertxOptions().setPreferNativeTransport(true).setEventLoopPoolSize(1));
  private final List<HTTPAccessLogEntry> entries = new CopyOnWriteArrayList<>();

  TestController(MeshControlPlane controlPlane, Path socket) {
    GrpcIoServer server = GrpcIoServer.server(vertx);
    controlPlane.services().forEach(s -> GrpcIoServiceBridge.bridge(s).bind(server));
    GrpcIoServiceBridge.bridge(new AccessLogs()).bind(server);
    vertx
        .createHttpServer()
        .requestHandler(server)
        .listen(SocketAddress.domainSocketAddress(socket.toString()))
        .await();
  }

  List<HTTPAccessLogEntry> entries() {
    return entries;
  }

  @Override
  public void close() {
    vertx.close().await();
  }

  private final class AccessLogs extends AccessLogServiceGrpc.AccessLogServiceImplBase {

    @Override
    public StreamObserver<StreamAccessLogsMessage> streamAccessLogs(
        StreamObserver<StreamAccessLogsResponse> response) {
      return new StreamObserver<>() {
        @Override
        public void onNext(StreamAccessLogsMessage message) {
          entries.addAll(message.getHttpLogs().getLogEntryList());
        }

        @Override
        public void onError(Throwable problem) {}

        @Override
        public void onCompleted() {
          response.onCompleted();
        }
      };
    }
  }
}
