/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller;

import dev.sidelight.controller.tls.ServingCertificate;
import io.grpc.BindableService;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.VerticleBase;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import io.vertx.grpc.common.GrpcStatus;
import io.vertx.grpc.server.GrpcServerOptions;
import io.vertx.grpc.server.GrpcServerRequest;
import io.vertx.grpcio.server.GrpcIoServer;
import java.util.List;
import java.util.function.Supplier;

/**
 * One event loop's share of a gRPC server: a raw method of our own, and services of grpc-java
 * bridged into the same server, over any number of addresses. All instances with the same addresses
 * share their sockets.
 */
final class GrpcEndpoint extends VerticleBase {

  /** Envoy's first message has 63 KB of extensions in it; grpc-java's limit is the same. */
  private static final long MAX_MESSAGE_BYTES = 4L << 20;

  private static final int STREAM_WINDOW_BYTES = 1 << 20;
  private static final int CONNECTION_WINDOW_BYTES = 4 << 20;

  /** An Envoy's worker opens one a logger, a probe one. */
  private static final long STREAMS_A_CONNECTION = 100;

  // deps
  private final List<SocketAddress> addresses;
  private final String fullMethodName;
  private final Supplier<Handler<GrpcServerRequest<Buffer, Buffer>>> method;
  private final List<BindableService> services;
  private final Listening listening;
  private final NotHttp notHttp;
  private final ServingCertificate certificate;

  /** Told what each address has become: a port of 0 is by then the one that was free. */
  interface Listening {
    /** Any event loop. */
    void on(SocketAddress address, int actualPort);
  }

  /** Told of a peer that does not even speak HTTP. */
  interface NotHttp {
    /** Its event loop. */
    void refused(String peer, String detail);
  }

  /**
   * An instance.
   *
   * @param addresses TCP and Unix sockets
   * @param fullMethodName name of our own method
   * @param method makes its handler, one an instance
   * @param services what is served besides
   * @param listening told when it listens
   * @param notHttp told of what is no HTTP
   * @param certificate what TCP is served with; null without TLS
   */
  GrpcEndpoint(
      List<SocketAddress> addresses,
      String fullMethodName,
      Supplier<Handler<GrpcServerRequest<Buffer, Buffer>>> method,
      List<BindableService> services,
      Listening listening,
      NotHttp notHttp,
      ServingCertificate certificate) {
    this.addresses = addresses;
    this.fullMethodName = fullMethodName;
    this.method = method;
    this.services = services;
    this.listening = listening;
    this.notHttp = notHttp;
    this.certificate = certificate;
  }

  @Override
  public Future<?> start() {
    GrpcIoServer grpc =
        GrpcIoServer.server(vertx, new GrpcServerOptions().setMaxMessageSize(MAX_MESSAGE_BYTES));
    Handler<GrpcServerRequest<Buffer, Buffer>> own = method.get();
    grpc.callHandler(
        request -> {
          if (request.fullMethodName().equals(fullMethodName)) {
            own.handle(request);
          } else {
            request.response().status(GrpcStatus.UNIMPLEMENTED).end();
          }
        });
    services.forEach(grpc::addService);
    return Future.all(addresses.stream().map(address -> listen(grpc, address)).toList());
  }

  private Future<HttpServer> listen(GrpcIoServer grpc, SocketAddress address) {
    HttpServerOptions options =
        new HttpServerOptions()
            .setInitialSettings(
                new Http2Settings()
                    .setInitialWindowSize(STREAM_WINDOW_BYTES)
                    .setMaxConcurrentStreams(STREAMS_A_CONNECTION))
            .setHttp2ConnectionWindowSize(CONNECTION_WINDOW_BYTES);
    boolean secured = certificate != null && address.isInetSocket();
    if (secured) {
      certificate.current().secure(options);
    }
    HttpServer server = vertx.createHttpServer(options);
    if (secured) {
      certificate.follow(server);
    }
    return server
        .requestHandler(grpc)
        .invalidRequestHandler(
            request -> {
              notHttp.refused(
                  String.valueOf(request.remoteAddress()),
                  String.valueOf(request.decoderResult().cause()));
              HttpServerRequest.DEFAULT_INVALID_REQUEST_HANDLER.handle(request);
            })
        .listen(address)
        .onSuccess(bound -> listening.on(address, bound.actualPort()));
  }
}
