/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.overlay;

import static org.awaitility.Awaitility.await;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/** Sends a JSON string of a length that no memory should hold, as fast as it is taken. */
final class HugeAnswer implements Handler<HttpServerRequest> {

  private static final Buffer CHUNK = Buffer.buffer("x".repeat(64 << 10));

  private final long length;
  private final AtomicLong sent = new AtomicLong();
  private final AtomicBoolean heldBack = new AtomicBoolean();
  private final AtomicBoolean closed = new AtomicBoolean();

  HugeAnswer(long length) {
    this.length = length;
  }

  @Override
  public void handle(HttpServerRequest request) {
    HttpServerResponse response = request.response();
    response.setChunked(true).putHeader("content-type", "application/json").write("\"");
    response.closeHandler(close -> closed.set(true));
    response.exceptionHandler(failure -> closed.set(true));
    response.drainHandler(drained -> send(response));
    send(response);
  }

  private void send(HttpServerResponse response) {
    while (sent.get() < length && !response.writeQueueFull() && !closed.get()) {
      response.write(CHUNK);
      sent.addAndGet(CHUNK.length());
    }
    heldBack.set(sent.get() < length);
    if (sent.get() >= length && !response.ended()) {
      response.end("\"");
    }
  }

  long sent() {
    return sent.get();
  }

  boolean isClosed() {
    return closed.get();
  }

  /** Every buffer on the way is full when nothing more is taken for a while. */
  void awaitHeldBack() {
    AtomicLong last = new AtomicLong(-1);
    await()
        .during(Duration.ofMillis(300))
        .until(() -> heldBack.get() && last.getAndSet(sent.get()) == sent.get());
  }
}
