/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.hop.http2;

import dev.sidelight.probe.hop.HttpHead;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Headers;
import java.util.OptionalInt;

/** What is taken of a stream's headers and trailers. */
final class StreamNames {
  private static final String GRPC = "application/grpc";
  private static final int INTERIM_MAX = 199;

  private String method = "";
  private String path = "";
  private String requestId = "";
  private String responseId = "";
  private boolean grpc;
  private int status;
  private OptionalInt grpcStatus = OptionalInt.empty();

  /** The initiator's headers, or its trailers, which have none of these. */
  void request(Http2Headers headers) {
    if (headers.method() != null) {
      method = headers.method().toString();
      path = headers.path() == null ? "" : headers.path().toString();
      requestId = text(headers, "x-request-id");
    }
    grpc |= text(headers, "content-type").startsWith(GRPC);
  }

  /** The acceptor's: true where it is an interim response, to be followed by another. */
  boolean response(Http2Headers headers) {
    int code = number(headers.status());
    if (code > 0 && code <= INTERIM_MAX) {
      return true;
    }
    if (code > 0) {
      status = code;
      responseId = text(headers, "x-request-id");
    }
    grpc |= text(headers, "content-type").startsWith(GRPC);
    int ofGrpc = number(headers.get("grpc-status"));
    if (ofGrpc >= 0) {
      grpcStatus = OptionalInt.of(ofGrpc);
    }
    return false;
  }

  HttpHead requestHead() {
    return HttpHead.ofRequest(protocol(), method, path, requestId);
  }

  HttpHead responseHead() {
    return HttpHead.ofResponse(protocol(), status, responseId, grpcStatus);
  }

  private String protocol() {
    return grpc ? HttpHead.GRPC : HttpHead.HTTP2;
  }

  private static String text(Http2Headers headers, String name) {
    CharSequence value = headers.get(name);
    return value == null ? "" : value.toString();
  }

  /** -1 where it is none of up to three digits. */
  private static int number(CharSequence text) {
    if (text == null || text.length() == 0 || text.length() > 3) {
      return -1;
    }
    int number = 0;
    for (int i = 0; i < text.length(); i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      number = 10 * number + digit;
    }
    return number;
  }
}
