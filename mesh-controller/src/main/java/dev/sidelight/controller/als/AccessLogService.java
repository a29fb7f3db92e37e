/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.als;

import io.vertx.core.buffer.Buffer;
import io.vertx.grpc.common.GrpcStatus;
import io.vertx.grpc.server.GrpcServerRequest;

/**
 * envoy.service.accesslog.v3.AccessLogService over raw messages. One instance an event loop: it
 * keeps its strings and its decoder to that thread.
 */
public final class AccessLogService {

  /** What Envoy calls. */
  public static final String FULL_METHOD_NAME =
      "envoy.service.accesslog.v3.AccessLogService/StreamAccessLogs";

  // deps
  private final AccessLogEvents events;
  private final EntryDecoders decoders;

  /** A service that hands everything to the events, and names peers as the pods' names tell. */
  public AccessLogService(AccessLogEvents events, PodNames pods) {
    this.events = events;
    this.decoders = new EntryDecoders(pods);
  }

  /** Takes one call of {@link #FULL_METHOD_NAME}. */
  public void handle(GrpcServerRequest<Buffer, Buffer> request) {
    String remoteAddress = String.valueOf(request.connection().remoteAddress());
    new Call(request, new AccessLogStream(events, decoders, remoteAddress), remoteAddress).start();
  }

  /** The stream's gRPC side: however it ends, it ends once. */
  private final class Call {
    private final GrpcServerRequest<Buffer, Buffer> request;
    private final AccessLogStream stream;
    private final String remoteAddress;
    private boolean ended;
    private boolean closed;

    Call(GrpcServerRequest<Buffer, Buffer> request, AccessLogStream stream, String remoteAddress) {
      this.request = request;
      this.stream = stream;
      this.remoteAddress = remoteAddress;
    }

    void start() {
      events.streamOpened();
      // A reset by the peer is an error to Vert.x, a lost connection an exception.
      request.errorHandler(reset -> close());
      request.exceptionHandler(lost -> close());
      request.endHandler(nothing -> end(GrpcStatus.OK, ""));
      request.invalidMessageHandler(
          invalid -> refuse("unreadable_frame", GrpcStatus.INVALID_ARGUMENT, invalid.toString()));
      request.handler(this::onMessage);
    }

    private void onMessage(Buffer message) {
      if (ended) {
        return;
      }
      try {
        stream.onMessage(message.getBytes());
      } catch (RefusedException e) {
        end(GrpcStatus.INVALID_ARGUMENT, e.getMessage());
      } catch (RuntimeException e) {
        refuse("internal_error", GrpcStatus.INTERNAL, e.toString());
      }
    }

    private void refuse(String reason, GrpcStatus status, String detail) {
      events.messageRefused(reason, remoteAddress, detail);
      end(status, detail);
    }

    private void end(GrpcStatus status, String detail) {
      close();
      if (ended) {
        return;
      }
      ended = true;
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
        stream.close();
        events.streamClosed();
      }
    }
  }
}
