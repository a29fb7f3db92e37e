/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.hop;

import dev.sidelight.controller.limit.StreamLimits;
import dev.sidelight.hop.v1.Acknowledgement;
import dev.sidelight.hop.v1.HopControl;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.grpc.common.GrpcStatus;
import io.vertx.grpc.server.GrpcServerRequest;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** dev.sidelight.hop.v1.HopService. One event loop. */
public final class HopService {

  /** What a probe calls. */
  public static final String FULL_METHOD_NAME = "dev.sidelight.hop.v1.HopService/StreamHops";

  /** After that a caller shows its token again, which may not be good any more. */
  private static final long ADMITTED_MILLIS = TimeUnit.MINUTES.toMillis(15);

  private static final String BEARER = "Bearer ";

  // deps
  private final HopEvents events;
  private final ProbeAdmission admission;
  private final StreamLimits limits;
  private final TakenBatches taken = new TakenBatches();
  private final AddressPool addresses = new AddressPool();
  private final TextPool texts = new TextPool();

  /** A service that hands everything that is admitted to the events. */
  public HopService(HopEvents events, ProbeAdmission admission, StreamLimits limits) {
    this.events = events;
    this.admission = admission;
    this.limits = limits;
  }

  /** Takes one call of {@link #FULL_METHOD_NAME}. */
  public void handle(GrpcServerRequest<Buffer, Buffer> request) {
    new Call(request, String.valueOf(request.connection().remoteAddress())).start();
  }

  /** The stream's gRPC side: however it ends, it ends once. */
  private final class Call {
    private final GrpcServerRequest<Buffer, Buffer> request;
    private final String remoteAddress;
    private final Context context = Vertx.currentContext();
    private HopStream stream;
    private long endTimer = -1;
    private boolean counted;
    private boolean ended;
    private boolean closed;

    Call(GrpcServerRequest<Buffer, Buffer> request, String remoteAddress) {
      this.request = request;
      this.remoteAddress = remoteAddress;
    }

    void start() {
      counted = limits.open();
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
            "there are " + limits.maxStreams() + " streams of probes already");
        return;
      }
      request.pause();
      admission.nodeOf(token()).onSuccess(this::admit).onFailure(this::refuse);
    }

    private String token() {
      String value = request.headers().get("authorization");
      return value != null && value.startsWith(BEARER) ? value.substring(BEARER.length()) : "";
    }

    private void admit(String node) {
      if (closed) {
        return;
      }
      stream =
          new HopStream(
              events,
              taken,
              addresses,
              texts,
              new OwnPods(admission, node),
              limits.rate(),
              remoteAddress,
              this::sendFromAnyThread);
      if (admission.knowsProbes()) {
        long spreadMillis = ThreadLocalRandom.current().nextLong(ADMITTED_MILLIS / 10);
        endTimer =
            context
                .owner()
                .setTimer(ADMITTED_MILLIS - spreadMillis, timer -> end(GrpcStatus.OK, ""));
      }
      // A probe learns from the headers that its call was taken.
      request.response().writeHead();
      request.resume();
    }

    private void refuse(Throwable failure) {
      if (failure instanceof RefusedException refused) {
        refuse(refused.reason(), refused.status(), refused.getMessage());
      } else {
        refuse("internal_error", GrpcStatus.INTERNAL, failure.toString());
      }
    }

    private void onMessage(Buffer message) {
      if (ended) {
        return;
      }
      try {
        acknowledge(stream.onMessage(message.getBytes()));
      } catch (RefusedException e) {
        end(e.status(), e.getMessage());
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
        context.owner().cancelTimer(endTimer);
        if (stream != null) {
          stream.close();
        }
        if (counted) {
          limits.close();
        }
        events.streamClosed();
      }
    }
  }
}
