/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.als;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.NetServer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The app behind the Envoys of the cases, by HTTP/1.1 and HTTP/2: the last segment of a path says
 * how it behaves. Beside it an echo by TCP.
 */
final class CaseApp {

  private static final String LOCALHOST = "127.0.0.1";
  private static final int SLOW_MILLIS = 400;

  // deps
  private final Vertx vertx;
  private final HttpServer http;
  private final NetServer tcp;

  // state
  private final Map<String, Integer> requestsByPath = new ConcurrentHashMap<>();

  CaseApp(Vertx vertx) {
    this.vertx = vertx;
    this.http =
        vertx
            .createHttpServer()
            .requestHandler(this::onRequest)
            .webSocketHandler(socket -> socket.textMessageHandler(socket::writeTextMessage))
            .listen(0, LOCALHOST)
            .await();
    this.tcp =
        vertx
            .createNetServer()
            .connectHandler(socket -> socket.handler(socket::write))
            .listen(0, LOCALHOST)
            .await();
  }

  int port() {
    return http.actualPort();
  }

  int tcpPort() {
    return tcp.actualPort();
  }

  /** Requests for a path that have arrived. */
  int requests(String path) {
    return requestsByPath.getOrDefault(path, 0);
  }

  private void onRequest(HttpServerRequest request) {
    requestsByPath.merge(request.path(), 1, Integer::sum);
    String attemptCount = request.getHeader("x-envoy-attempt-count");
    int attempt = attemptCount == null ? 1 : Integer.parseInt(attemptCount);
    HttpServerResponse response = request.response();
    switch (request.path().substring(request.path().lastIndexOf('/') + 1)) {
      case "slow" -> vertx.setTimer(SLOW_MILLIS, timer -> response.end("slow"));
      case "slow_first" -> {
        if (attempt == 1) {
          vertx.setTimer(SLOW_MILLIS, timer -> response.end("slow"));
        } else {
          response.end("fast");
        }
      }
      case "fail_twice" -> response.setStatusCode(attempt < 3 ? 503 : 200).end("attempt");
      case "fail" -> response.setStatusCode(503).end("failed");
      case "reset" -> request.connection().close();
      case "early" -> response.setStatusCode(413).end("too much");
      case "upload" -> request.endHandler(nothing -> response.end("taken"));
      case "echo" -> echo(request);
      default -> response.end("ok");
    }
  }

  /** Answers each part as it comes; of gRPC with its trailer. */
  private static void echo(HttpServerRequest request) {
    HttpServerResponse response = request.response().setChunked(true);
    String contentType = request.getHeader("content-type");
    boolean grpc = contentType != null && contentType.startsWith("application/grpc");
    if (grpc) {
      response.putHeader("content-type", contentType);
    }
    request.handler(response::write);
    request.endHandler(
        nothing -> {
          if (grpc) {
            response.putTrailer("grpc-status", "0");
          }
          response.end();
        });
  }
}
