/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.hop;

import dev.sidelight.hop.v1.Acknowledgement;
import dev.sidelight.hop.v1.HopControl;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.grpc.common.GrpcStatus;
import io.vertx.grpc.server.GrpcServerRequest;

/** dev.sidelight.hop.v1.HopService. One event loop. */
public final class HopService {

  /** What a probe calls. */
  public static final String FULL_METHOD_NAME = "dev.sidelight.hop.v1.HopService/StreamHops";

  // deps
  private final HopEvents events;
  private final TakenBatches taken = new TakenBatches();
  private final AddressPool addresses = new AddressPool();
  private final TextPool texts = new TextPool();

  /** A service that hands everything to the events. */
  public HopService(HopEvents events) {
    this.events = events;
  }

  /** Takes one call of {@link #FULL_METHOD_NAME}. */
  public void handle(GrpcServerRequest<Buffer, Buffer> request) {
    new Call(request, String.valueOf(request.connection().remoteAddress())).start();
  }

  /** The stream's gRPC side: however it ends, it ends once. */
  private final class Call {
    private final GrpcServerRequest<Buffer, Buffer> request;
    private final String remoteAddress;
    private final HopStream stream;
    private final Context context = Vertx.currentContext();
    private boolean ended;
    private boolean closed;

    Call(GrpcServerRequest<Buffer, Buffer> request, String remoteAddress) {
      this.request = request;
      this.remoteAddress = remoteAddress;
      this.stream =
          new HopStream(events, taken, addresses, texts, remoteAddress, this::sendFromAnyThread);
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
      // A probe learns from the headers that its call was taken.
      request.response().writeHead();
    }

    private void onMessage(Buffer message) {
      if (ended) {
        return;
      }
      try {
        acknowledge(stream.onMessage(message.getBytes()));
      } catch (RefusedException e) {
        end(GrpcStatus.INVALID_ARGUMENT, e.getMessage());
      } catch (RuntimeException e) {
        refuse("internal_error", GrpcStatus.INTERNAL, e.toString());
      }
    }

    /** Only now: what was handed over is the controller's to count. */
    private void acknowledge(long sequence) {
      if (sequence != HopStream.NONE) {
        send(
            HopControl.newBuilder()
                .setAcknowledgement(Acknowledgement.newBuilder().setSequence(sequence))
                .build());
      }
    }

    private void sendFromAnyThread(HopControl control) {
      context.runOnContext(
          nothing -> {
            if (!closed) {
              send(control);
            }
          });
    }

    private void send(HopControl control) {
      request.response().write(Buffer.buffer(control.toByteArray()));
    }

    private void refuse(String reason, GrpcStatus status, String detail) {
      events.messageRefused(reason, remoteAddress, detail);
      end(status, detail);
    }

    private void end(GrpcStatus status, String detail) {
      close();
      if (!ended) {
        ended = true;
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
