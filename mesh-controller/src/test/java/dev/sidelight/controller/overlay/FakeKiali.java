/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.overlay;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/** A server in Kiali's place, which answers each path as the test says. */
public final class FakeKiali implements AutoCloseable {

  public static final String GRAPH = "/kiali/api/namespaces/graph";

  private final AtomicInteger connections = new AtomicInteger();
  private final Map<String, Handler<HttpServerRequest>> answers = new ConcurrentHashMap<>();
  private final HttpServer server;

  public FakeKiali(Vertx vertx) throws Exception {
    server =
        vertx
            .createHttpServer(
                new HttpServerOptions()
                    .setPort(0)
                    .setHost("127.0.0.1")
                    .setMaxHeaderSize(1 << 20)
                    .setMaxInitialLineLength(1 << 20))
            .connectionHandler(connection -> connections.incrementAndGet())
            .requestHandler(
                request ->
                    answers
                        .getOrDefault(
                            request.path(), absent -> request.response().setStatusCode(404).end())
                        .handle(request));
    server.listen().await(10, TimeUnit.SECONDS);
  }

  /** A recorded answer of a real Kiali. */
  public static byte[] recorded(String name) {
    try {
      return Files.readAllBytes(
          Path.of("src/test/resources/graph/kiali_" + name + ".recorded.json"));
    } catch (IOException e) {
      throw new UncheckedIOException(name, e);
    }
  }

  FakeKiali on(String path, Handler<HttpServerRequest> answer) {
    answers.put(path, answer);
    return this;
  }

  /** Answers so, in JSON, with the headers given by name and value. */
  public FakeKiali json(String path, byte[] body, String... headers) {
    return on(
        path,
        request -> {
          request.response().putHeader("content-type", "application/json");
          for (int i = 0; i < headers.length; i += 2) {
            request.response().putHeader(headers[i], headers[i + 1]);
          }
          request.response().end(Buffer.buffer(body));
        });
  }

  int port() {
    return server.actualPort();
  }

  public URI url() {
    return URI.create("http://127.0.0.1:" + port());
  }

  int connections() {
    return connections.get();
  }

  @Override
  public void close() throws TimeoutException {
    server.close().await(10, TimeUnit.SECONDS);
  }
}
