/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.overlay;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;

/**
 * Takes a graph's bytes until it has all, has too many, or it takes too long; the stream can go on
 * from there. One event loop.
 */
final class GraphBody {

  // deps
  private final Vertx vertx;
  private final ReadStream<Buffer> stream;
  private final OverlaySettings settings;

  // state
  private final Buffer taken = Buffer.buffer();
  private final Promise<Taken> done = Promise.promise();
  private boolean ended;

  private GraphBody(Vertx vertx, ReadStream<Buffer> stream, OverlaySettings settings) {
    this.vertx = vertx;
    this.stream = stream;
    this.settings = settings;
  }

  static GraphBody take(Vertx vertx, ReadStream<Buffer> stream, OverlaySettings settings) {
    return new GraphBody(vertx, stream, settings);
  }

  /**
   * What is to be sent; failed where the stream did.
   *
   * @param change run on a worker when all is there
   * @param released called when nothing of the body is held here any more
   */
  Future<Taken> change(Change change, Runnable released) {
    long timer = vertx.setTimer(settings.changeMillis(), id -> pass(Outcome.TIMEOUT));
    stream.handler(
        chunk -> {
          taken.appendBuffer(chunk);
          if (taken.length() > settings.maxGraphBytes()) {
            pass(Outcome.TOO_LARGE);
          }
        });
    stream.exceptionHandler(done::tryFail);
    stream.endHandler(
        end -> {
          ended = true;
          byte[] body = taken.getBytes();
          vertx
              .executeBlocking(() -> change.apply(body), false)
              .onComplete(
                  result -> {
                    released.run();
                    if (result.succeeded()) {
                      succeed(Buffer.buffer(result.result()));
                    } else {
                      pass(outcome(result.cause()));
                    }
                  });
        });
    stream.resume();
    return done.future()
        .onComplete(
            result -> {
              vertx.cancelTimer(timer);
              if (!ended) {
                released.run();
              }
            });
  }

  private static Outcome outcome(Throwable failure) {
    return failure instanceof PassedException passed ? passed.outcome() : Outcome.ERROR;
  }

  private void succeed(Buffer changed) {
    done.tryComplete(new Taken(Outcome.CHANGED, changed, ReplayedStream.of(changed)));
  }

  private void pass(Outcome outcome) {
    if (done.future().isComplete()) {
      return;
    }
    if (ended) {
      done.complete(new Taken(outcome, null, ReplayedStream.of(taken)));
    } else {
      stream.pause();
      done.complete(new Taken(outcome, null, ReplayedStream.of(taken, stream)));
    }
  }

  /** Reads and changes a body. */
  @FunctionalInterface
  interface Change {
    byte[] apply(byte[] body) throws Exception;
  }

  /**
   * What is to be sent.
   *
   * @param outcome what became of it
   * @param changed the new body, null where it goes on as it came
   * @param stream the body to send
   */
  record Taken(Outcome outcome, Buffer changed, ReplayedStream stream) {}
}
