/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.als;

import dev.sidelight.correlator.AccessLogEntryBuilder;
import java.io.IOException;

/**
 * Reads envoy.data.accesslog.v3.HTTPRequestProperties and HTTPResponseProperties into the builder.
 */
final class HttpProperties {

  private static final String TRACEPARENT = "traceparent";

  /** envoy.config.core.v3.RequestMethod. */
  private static final String[] METHODS = {
    "", "GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"
  };

  // deps
  private final AccessLogEntryBuilder entry;

  // state
  private boolean grpc;
  private long requestBodyBytes;
  private long responseBodyBytes;

  HttpProperties(AccessLogEntryBuilder entry) {
    this.entry = entry;
  }

  void clear() {
    grpc = false;
    requestBodyBytes = 0;
    responseBodyBytes = 0;
  }

  /** Of an entry of a TCP connection: what its downstream has sent. */
  long requestBodyBytes() {
    return requestBodyBytes;
  }

  /** Of an entry of a TCP connection: what its downstream was sent. */
  long responseBodyBytes() {
    return responseBodyBytes;
  }

  void readRequest(WireReader in) throws IOException {
    int outer = in.enter();
    for (int field = in.nextField(); field != 0; field = in.nextField()) {
      switch (field) {
        case 1 -> entry.method(method(in.varint()));
        case 3 -> entry.authority(in.pooledString());
        case 5 -> entry.path(in.pooledStringUntil('?'));
        case 9 -> entry.requestId(in.pooledString());
        case 12 -> requestBodyBytes = in.varint();
        case 13 -> readHeader(in);
        default -> in.skip();
      }
    }
    in.leave(outer);
  }

  void readResponse(WireReader in) throws IOException {
    int outer = in.enter();
    for (int field = in.nextField(); field != 0; field = in.nextField()) {
      switch (field) {
        case 1 -> entry.responseCode(wrappedNumber(in));
        case 3 -> responseBodyBytes = in.varint();
        case 4, 5 -> readHeader(in);
        case 6 -> entry.responseCodeDetails(in.pooledString());
        default -> in.skip();
      }
    }
    in.leave(outer);
  }

  private static String method(long number) {
    return number > 0 && number < METHODS.length ? METHODS[(int) number] : "";
  }

  /**
   * Envoy has no field for the protocol above HTTP; the headers that it was told to log tell.
   * Neither has it one for the trace context.
   */
  private void readHeader(WireReader in) throws IOException {
    String key = "";
    String value = "";
    int outer = in.enter();
    for (int field = in.nextField(); field != 0; field = in.nextField()) {
      switch (field) {
        case 1 -> key = in.pooledString();
        // Each request has another one: in the pool they would push out what repeats.
        case 2 -> value = key.equals(TRACEPARENT) ? in.string() : in.pooledString();
        default -> in.skip();
      }
    }
    in.leave(outer);
    if (key.equals(TRACEPARENT)) {
      entry.traceparent(value);
    }
    boolean grpcContent = key.equals("content-type") && value.startsWith("application/grpc");
    if (!grpc && (grpcContent || key.equals("grpc-status"))) {
      grpc = true;
      entry.protocol("grpc");
    }
  }

  private static int wrappedNumber(WireReader in) throws IOException {
    int number = 0;
    int outer = in.enter();
    for (int field = in.nextField(); field != 0; field = in.nextField()) {
      if (field == 1) {
        number = (int) in.varint();
      } else {
        in.skip();
      }
    }
    in.leave(outer);
    return number;
  }
}
