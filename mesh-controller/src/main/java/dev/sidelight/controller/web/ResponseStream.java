/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.web;

import io.vertx.core.AsyncResult;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * A response's body as it is made, on a worker thread, so that it need not be held as a whole.
 * Waits where the client reads slowly, and gives up where it does not read at all. One thread.
 */
final class ResponseStream extends OutputStream {

  private static final int WRITES_IN_FLIGHT = 8;

  // deps
  private final HttpServerResponse response;
  private final long patienceMillis;
  // state
  private final Semaphore room = new Semaphore(WRITES_IN_FLIGHT);
  private volatile Throwable failure;
  private boolean begun;

  /**
   * Nothing is written yet.
   *
   * @param patienceMillis a client that takes nothing for so long is given up
   */
  ResponseStream(HttpServerResponse response, long patienceMillis) {
    this.response = response;
    this.patienceMillis = patienceMillis;
  }

  @Override
  public void write(int value) throws IOException {
    write(new byte[] {(byte) value}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    try {
      if (!room.tryAcquire(patienceMillis, TimeUnit.MILLISECONDS)) {
        throw new IOException("the client has not read for " + patienceMillis + " ms");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while the client reads");
    }
    if (failure != null) {
      throw new IOException("the client is gone", failure);
    }
    begun = true;
    response
        .write(Buffer.buffer(length).appendBytes(bytes, offset, length))
        .onComplete(this::written);
  }

  /** Whether anything was written. */
  boolean hasBegun() {
    return begun;
  }

  private void written(AsyncResult<Void> result) {
    if (result.failed()) {
      failure = result.cause();
    }
    room.release();
  }

  @Override
  public void close() {
    response.end();
  }
}
