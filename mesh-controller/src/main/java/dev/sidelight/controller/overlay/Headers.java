/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.overlay;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.util.List;
import java.util.Locale;

/** Headers that are of one connection only, or of a body that is another now. */
final class Headers {

  private static final List<String> OF_A_CONNECTION =
      List.of("connection", "keep-alive", "proxy-connection", "te", "upgrade");

  /** They speak of Kiali's bytes. */
  private static final List<String> OF_THE_BODY =
      List.of(
          "etag",
          "last-modified",
          "accept-ranges",
          "content-md5",
          "digest",
          "content-digest",
          "repr-digest");

  /** With these Kiali could answer that its own bytes are as they were, ours are not. */
  private static final List<String> CONDITIONS =
      List.of("if-none-match", "if-modified-since", "if-match", "if-unmodified-since", "if-range");

  private Headers() {}

  static void removeOfConnection(MultiMap headers) {
    for (String connection : headers.getAll(HttpHeaders.CONNECTION)) {
      for (String name : connection.toLowerCase(Locale.ROOT).split(",", -1)) {
        headers.remove(name.strip());
      }
    }
    OF_A_CONNECTION.forEach(headers::remove);
  }

  static void removeOfBody(MultiMap headers) {
    OF_THE_BODY.forEach(headers::remove);
  }

  /** So that Kiali answers with the whole graph, in a coding that can be read. */
  static void askForReadableGraph(MultiMap headers) {
    CONDITIONS.forEach(headers::remove);
    String acceptEncoding = String.join(",", headers.getAll(HttpHeaders.ACCEPT_ENCODING));
    if (headers.contains(HttpHeaders.ACCEPT_ENCODING)) {
      headers.set(HttpHeaders.ACCEPT_ENCODING, ContentCoding.readable(acceptEncoding));
    }
  }
}
