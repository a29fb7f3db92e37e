/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.hop.http2;

import dev.sidelight.probe.hop.HeaderField;
import dev.sidelight.probe.hop.HttpHead;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Headers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** What is taken of a stream's headers and trailers. */
final class StreamNames {
  private static final String GRPC = "application/grpc";
  private static final int INTERIM_MAX = 199;

  // deps
  private final boolean keepsFields;

  // state
  private List<HeaderField> requestFields = List.of();
  private List<HeaderField> responseFields = List.of();
  private String method = "";
  private String path = "";
  private String requestId = "";
  private String responseId = "";
  private boolean grpc;
  private int status;
  private OptionalInt grpcStatus = OptionalInt.empty();

  /** Keeps the headers themselves too, or not. */
  StreamNames(boolean keepsFields) {
    this.keepsFields = keepsFields;
  }

  /** The initiator's headers, or its trailers, which have none of these. */
  void request(Http2Headers headers) {
    if (headers.method() != null) {
      method = headers.method().toString();
      path = headers.path() == null ? "" : headers.path().toString();
      requestId = text(headers, "x-request-id");
      requestFields = fields(headers);
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
      responseFields = fields(headers);
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

  List<HeaderField> requestFields() {
    return requestFields;
  }

  List<HeaderField> responseFields() {
    return responseFields;
  }

  /** Without HTTP/2's own, which are no headers. */
  private List<HeaderField> fields(Http2Headers headers) {
    if (!keepsFields) {
      return List.of();
    }
    List<HeaderField> fields = new ArrayList<>();
    for (Map.Entry<CharSequence, CharSequence> each : headers) {
      String name = each.getKey().toString();
      if (!name.startsWith(":")) {
        fields.add(new HeaderField(name, each.getValue().toString()));
      }
    }
    return fields;
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
