/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.als;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.grpc.common.GrpcStatus;
import io.vertx.grpc.server.GrpcServerRequest;
import java.util.concurrent.ThreadLocalRandom;

/**
 * envoy.service.accesslog.v3.AccessLogService over raw messages. One instance an event loop: it
 * keeps its strings and its decoder to that thread.
 */
public final class AccessLogService {

  /** What Envoy calls. */
  public static final String FULL_METHOD_NAME =
      "envoy.service.accesslog.v3.AccessLogService/StreamAccessLogs";

  /** For what an Envoy had sent before it heard that its stream has ended. */
  private static final long LAST_WORDS_MILLIS = 10_000;

  // deps
  private final AccessLogEvents events;
  private final EntryDecoders decoders;
  private final StreamAdmission admission;

  /**
   * A service that hands everything that is admitted to the events, and names peers as the pods'
   * names tell.
   */
  public AccessLogService(AccessLogEvents events, PodNames pods, StreamAdmission admission) {
    this.events = events;
    this.decoders = new EntryDecoders(pods);
    this.admission = admission;
  }

  /** Takes one call of {@link #FULL_METHOD_NAME}. */
  public void handle(GrpcServerRequest<Buffer, Buffer> request) {
    new Call(request).start();
  }

  /** The stream's gRPC side: however it ends, it ends once. */
  private final class Call {
    private final GrpcServerRequest<Buffer, Buffer> request;
    private final String remoteAddress;
    private final Vertx vertx = Vertx.currentContext().owner();
    private AccessLogStream stream;
    private long timer = -1;
    private boolean counted;
    private boolean refused;
    private boolean answered;
    private boolean closed;

    Call(GrpcServerRequest<Buffer, Buffer> request) {
      this.request = request;
      this.remoteAddress = String.valueOf(request.connection().remoteAddress());
    }

    void start() {
      counted = admission.limits().open();
      events.streamOpened();
      // A reset by the peer is an error to Vert.x, a lost connection an exception.
      request.errorHandler(reset -> close());
      request.exceptionHandler(lost -> close());
      request.endHandler(nothing -> end(GrpcStatus.OK, ""));
      request.invalidMessageHandler(
          invalid -> refuse("unreadable_frame", GrpcStatus.INVALID_ARGUMENT, invalid.toString()));
      request.handler(this::onMessage);
      if (!counted) {
        refuse(
            "too_many_streams",
            GrpcStatus.RESOURCE_EXHAUSTED,
            "there are " + admission.limits().maxStreams() + " streams already");
        return;
      }
      try {
        Caller caller = new Caller(admission.identities(), admission.callers().principal(request));
        stream =
            new AccessLogStream(events, decoders, caller, admission.limits().rate(), remoteAddress);
        startAgeing();
      } catch (RefusedException e) {
        refuse(e.reason(), GrpcStatus.UNAUTHENTICATED, e.getMessage());
      }
    }

    private void startAgeing() {
      long ageMillis = admission.maxStreamAgeMillis();
      if (ageMillis > 0) {
        // Apart, though they began together.
        long spreadMillis = ThreadLocalRandom.current().nextLong(-ageMillis / 10, ageMillis / 10);
        timer = vertx.setTimer(ageMillis + spreadMillis, aged -> letGo());
      }
    }

    /** Answers, and still listens, until the Envoy has heard it. */
    private void letGo() {
      events.streamAged();
      answer(GrpcStatus.OK, "");
      timer = vertx.setTimer(LAST_WORDS_MILLIS, silent -> close());
    }

    private void onMessage(Buffer message) {
      if (refused) {
        return;
      }
      if (closed) {
        // It went on for ten seconds after its end.
        refuse("after_end", GrpcStatus.OK, "the stream has ended");
        return;
      }
      try {
        stream.onMessage(message.getBytes());
      } catch (RefusedException e) {
        refused = true;
        end(e.status(), e.getMessage());
      } catch (RuntimeException e) {
        refuse("internal_error", GrpcStatus.INTERNAL, e.toString());
      }
    }

    private void refuse(String reason, GrpcStatus status, String detail) {
      refused = true;
      events.messageRefused(reason, remoteAddress, detail);
      end(status, detail);
    }

    private void end(GrpcStatus status, String detail) {
      close();
      answer(status, detail);
    }

    private void answer(GrpcStatus status, String detail) {
      if (answered) {
        return;
      }
      answered = true;
      if (status == GrpcStatus.OK) {
        // The one, empty, StreamAccessLogsResponse.
        request.response().end(Buffer.buffer());
      } else {
        request.response().status(status).statusMessage(detail).end();
      }
    }

    private void close() {
      if (!closed) {
        closed = true;
        vertx.cancelTimer(timer);
        if (stream != null) {
          stream.close();
        }
        if (counted) {
          admission.limits().close();
        }
        events.streamClosed();
      }
    }
  }
}
