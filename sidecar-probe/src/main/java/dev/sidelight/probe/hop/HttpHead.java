/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.hop;

import dev.sidelight.probe.event.HeadText;
import java.util.List;
import java.util.OptionalInt;

/**
 * What is taken of a head of HTTP; nothing else of it leaves the node. Absent is empty, or 0.
 *
 * @param protocol http1, http2 or grpc, or empty when the bytes were none
 * @param method of a request
 * @param pathTemplate of a request, without query and ids; empty where the target was cut
 * @param status of a response
 * @param requestId x-request-id of either
 * @param grpcStatus of a response's trailers
 */
public record HttpHead(
    String protocol,
    String method,
    String pathTemplate,
    int status,
    String requestId,
    OptionalInt grpcStatus) {
  /** Protocol of a stream of HTTP/2. */
  public static final String HTTP2 = "http2";

  /** Protocol of a stream whose content-type is that of gRPC. */
  public static final String GRPC = "grpc";

  /** Of an end whose bytes were not readable, or not HTTP. */
  public static final HttpHead NONE = new HttpHead("", "", "", 0, "");

  private static final String HTTP1 = "http1";
  private static final String VERSION = "HTTP/1.";
  private static final String REQUEST_ID = "x-request-id";
  private static final int REQUEST_ID_LENGTH_MAX = 128;
  private static final int STATUS_OFFSET = "HTTP/1.x ".length();
  private static final List<String> METHODS =
      List.of("GET", "POST", "HEAD", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH");

  /** Without a gRPC status. */
  public HttpHead(
      String protocol, String method, String pathTemplate, int status, String requestId) {
    this(protocol, method, pathTemplate, status, requestId, OptionalInt.empty());
  }

  /**
   * Of a request whose fields were decoded.
   *
   * @param target its path with its query; the method is left out where it is none that HTTP knows
   */
  public static HttpHead ofRequest(
      String protocol, String method, String target, String requestId) {
    String known = METHODS.contains(method) ? method : "";
    String template = target.isEmpty() ? "" : PathTemplate.of(target);
    return new HttpHead(protocol, known, template, 0, bounded(requestId));
  }

  /** Of a response whose fields were decoded. */
  public static HttpHead ofResponse(
      String protocol, int status, String requestId, OptionalInt grpcStatus) {
    return new HttpHead(protocol, "", "", status, bounded(requestId), grpcStatus);
  }

  /**
   * Reads a head.
   *
   * @param head its first bytes, perhaps not all of them, perhaps followed by a body
   */
  public static HttpHead parse(HeadText head) {
    int lineEnd = head.indexOf('\n', 0);
    if (head.hasAt(0, VERSION)) {
      return new HttpHead(HTTP1, "", "", statusOf(head, lineEnd), requestId(head));
    }
    String method = methodOf(head);
    if (method.isEmpty()) {
      return NONE;
    }
    boolean whole = lineEnd < head.length();
    int target = method.length() + 1;
    int targetEnd = head.indexOf(' ', target);
    if (targetEnd >= lineEnd) {
      // A target that was cut might end within a query, or within an id.
      return whole ? NONE : new HttpHead(HTTP1, method, "", 0, "");
    }
    if (whole && !head.hasAt(targetEnd + 1, VERSION)) {
      return NONE;
    }
    String template = PathTemplate.of(head.text(target, targetEnd));
    return new HttpHead(HTTP1, method, template, 0, requestId(head));
  }

  /** Whether nothing is known: the bytes were not readable, or not HTTP. */
  public boolean isNone() {
    return protocol.isEmpty();
  }

  /**
   * What both heads of an exchange say, of which one end of a TLS connection knows both: where both
   * say something, this one's.
   */
  public HttpHead and(HttpHead other) {
    return new HttpHead(
        protocol.isEmpty() ? other.protocol : protocol,
        method.isEmpty() ? other.method : method,
        pathTemplate.isEmpty() ? other.pathTemplate : pathTemplate,
        status == 0 ? other.status : status,
        requestId.isEmpty() ? other.requestId : requestId);
  }

  private static String methodOf(HeadText head) {
    for (String method : METHODS) {
      if (head.hasAt(0, method)
          && head.length() > method.length()
          && head.charAt(method.length()) == ' ') {
        return method;
      }
    }
    return "";
  }

  private static int statusOf(HeadText head, int lineEnd) {
    if (lineEnd < STATUS_OFFSET + 3) {
      return 0;
    }
    int status = 0;
    for (int i = STATUS_OFFSET; i < STATUS_OFFSET + 3; i++) {
      int digit = head.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return 0;
      }
      status = status * 10 + digit;
    }
    return status;
  }

  private static String requestId(HeadText head) {
    return bounded(head.field(REQUEST_ID));
  }

  private static String bounded(String id) {
    return id.length() > REQUEST_ID_LENGTH_MAX ? "" : id;
  }
}
