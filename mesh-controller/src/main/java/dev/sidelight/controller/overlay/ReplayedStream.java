/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.overlay;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;

/**
 * Bytes that were taken from a stream, and the rest of it. The stream must be paused, with its
 * handlers free. One event loop.
 */
final class ReplayedStream implements ReadStream<Buffer> {

  // deps
  private final ReadStream<Buffer> rest;

  // state
  private Buffer taken;
  private boolean flowing;
  private Handler<Buffer> handler;
  private Handler<Void> endHandler;

  private ReplayedStream(Buffer taken, ReadStream<Buffer> rest) {
    this.taken = taken;
    this.rest = rest;
  }

  /** The bytes, then what the stream still has. */
  static ReplayedStream of(Buffer taken, ReadStream<Buffer> rest) {
    return new ReplayedStream(taken, rest);
  }

  /** The bytes, and the end. */
  static ReplayedStream of(Buffer all) {
    return new ReplayedStream(all, null);
  }

  @Override
  public ReadStream<Buffer> handler(Handler<Buffer> handler) {
    this.handler = handler;
    if (rest != null) {
      rest.handler(handler);
    }
    return this;
  }

  @Override
  public ReadStream<Buffer> endHandler(Handler<Void> endHandler) {
    this.endHandler = endHandler;
    if (rest != null) {
      rest.endHandler(endHandler);
    }
    return this;
  }

  @Override
  public ReadStream<Buffer> exceptionHandler(Handler<Throwable> handler) {
    if (rest != null) {
      rest.exceptionHandler(handler);
    }
    return this;
  }

  @Override
  public ReadStream<Buffer> pause() {
    flowing = false;
    if (rest != null) {
      rest.pause();
    }
    return this;
  }

  @Override
  public ReadStream<Buffer> resume() {
    flowing = true;
    replay();
    // Whoever takes the bytes may have had enough, and paused.
    if (flowing && rest != null) {
      rest.resume();
    }
    return this;
  }

  /** A demand of several buffers is a demand: the taken bytes are one more. */
  @Override
  public ReadStream<Buffer> fetch(long amount) {
    replay();
    if (rest != null) {
      rest.fetch(amount);
    }
    return this;
  }

  private void replay() {
    if (taken == null || handler == null) {
      return;
    }
    Buffer bytes = taken;
    taken = null;
    if (bytes.length() > 0) {
      handler.handle(bytes);
    }
    if (rest == null && endHandler != null) {
      endHandler.handle(null);
    }
  }
}
