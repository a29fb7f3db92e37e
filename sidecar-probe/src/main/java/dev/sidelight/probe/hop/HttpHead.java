/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.hop;

import dev.sidelight.probe.event.WireHead;
import java.nio.charset.StandardCharsets;
import java.util.OptionalInt;
import java.util.Set;

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
  private static final String REQUEST_ID = "x-request-id:";
  private static final int REQUEST_ID_LENGTH_MAX = 128;
  private static final int STATUS_OFFSET = "HTTP/1.x ".length();
  private static final Set<String> METHODS =
      Set.of("GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH");

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
   * @param prefix its first bytes, perhaps not all of them, perhaps followed by a body
   */
  public static HttpHead parse(byte[] prefix) {
    return parse(new String(prefix, StandardCharsets.ISO_8859_1));
  }

  /** Reads a head as it was kept. */
  static HttpHead of(WireHead head) {
    return parse(textOf(head));
  }

  /** A head's bytes, a character each. */
  static String textOf(WireHead head) {
    return StandardCharsets.ISO_8859_1.decode(head.bytes().duplicate()).toString();
  }

  /** The same of bytes that are characters already. */
  static HttpHead parse(String text) {
    int firstEnd = lineEnd(text, 0);
    String first = text.substring(0, firstEnd);
    boolean whole = firstEnd < text.length();
    if (first.startsWith(VERSION)) {
      return new HttpHead(HTTP1, "", "", statusOf(first), requestId(text, firstEnd));
    }
    int space = first.indexOf(' ');
    String method = space < 0 ? "" : first.substring(0, space);
    if (!METHODS.contains(method)) {
      return NONE;
    }
    int targetEnd = first.indexOf(' ', space + 1);
    if (targetEnd < 0) {
      // A target that was cut might end within a query, or within an id.
      return whole ? NONE : new HttpHead(HTTP1, method, "", 0, "");
    }
    if (whole && !first.startsWith(VERSION, targetEnd + 1)) {
      return NONE;
    }
    String template = PathTemplate.of(first.substring(space + 1, targetEnd));
    return new HttpHead(HTTP1, method, template, 0, requestId(text, firstEnd));
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

  private static int statusOf(String line) {
    if (line.length() < STATUS_OFFSET + 3) {
      return 0;
    }
    int status = 0;
    for (int i = STATUS_OFFSET; i < STATUS_OFFSET + 3; i++) {
      int digit = line.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return 0;
      }
      status = status * 10 + digit;
    }
    return status;
  }

  private static String requestId(String text, int from) {
    int start = from;
    while (start < text.length()) {
      start++;
      int end = lineEnd(text, start);
      // An id without its line's end may be cut: none is better than a wrong one.
      if (end >= text.length() || end <= start + 1) {
        return "";
      }
      if (text.regionMatches(true, start, REQUEST_ID, 0, REQUEST_ID.length())) {
        String id = text.substring(start + REQUEST_ID.length(), end).trim();
        return bounded(id);
      }
      start = end;
    }
    return "";
  }

  private static String bounded(String id) {
    return id.length() > REQUEST_ID_LENGTH_MAX ? "" : id;
  }

  /** Position of the line feed, or the text's end. */
  private static int lineEnd(String text, int from) {
    int end = text.indexOf('\n', from);
    return end < 0 ? text.length() : end;
  }
}
