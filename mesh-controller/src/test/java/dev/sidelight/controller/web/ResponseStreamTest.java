/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.web;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ResponseStreamTest {

  private static final int CHUNK_BYTES = 1 << 16;
  private static final long ENDLESS_BYTES = 1L << 30;

  private final Vertx vertx = Vertx.vertx();
  private final AtomicLong written = new AtomicLong();

  @AfterEach
  void close() throws Exception {
    vertx.close().await(10, TimeUnit.SECONDS);
  }

  @Test
  void clientThatDoesNotRead_isGivenUpAndHoldsLittle() throws Exception {
    CompletableFuture<Void> ended = new CompletableFuture<>();
    HttpServer server =
        vertx
            .createHttpServer()
            .requestHandler(
                request -> {
                  ResponseStream stream =
                      new ResponseStream(request.response().setChunked(true), 200);
                  vertx
                      .executeBlocking(
                          () -> {
                            writeTo(stream);
                            return null;
                          })
                      .onSuccess(nothing -> ended.complete(null))
                      .onFailure(ended::completeExceptionally);
                })
            .listen(0, "127.0.0.1")
            .await(10, TimeUnit.SECONDS);
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.actualPort())) {
      socket.getOutputStream().write("GET / HTTP/1.1\r\nhost: a\r\n\r\n".getBytes(US_ASCII));
      assertThatThrownBy(() -> ended.get(10, TimeUnit.SECONDS))
          .isInstanceOf(ExecutionException.class)
          .hasRootCauseInstanceOf(IOException.class)
          .hasRootCauseMessage("the client has not read for 200 ms");
    }
    // What the sockets take, and what is in flight.
    assertThat(written.get()).isLessThan(64 << 20);
  }

  private void writeTo(ResponseStream stream) throws IOException {
    byte[] chunk = new byte[CHUNK_BYTES];
    while (written.get() < ENDLESS_BYTES) {
      stream.write(chunk, 0, chunk.length);
      written.addAndGet(chunk.length);
    }
  }
}
