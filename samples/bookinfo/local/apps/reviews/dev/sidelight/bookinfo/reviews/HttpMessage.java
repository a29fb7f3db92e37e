/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.bookinfo.reviews;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * One HTTP/1.1 message with a content-length body.
 *
 * @param startLine request or status line
 * @param headers names in lower case
 * @param body the whole body
 */
record HttpMessage(String startLine, Map<String, String> headers, String body) {
  private static final String END_OF_HEAD = "\r\n\r\n";

  /**
   * Parses what was received so far, up to the buffer's position; null while part of the message is
   * missing.
   */
  static HttpMessage parse(ByteBuffer received) {
    byte[] bytes = new byte[received.position()];
    received.get(0, bytes);
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    int headEnd = text.indexOf(END_OF_HEAD);
    if (headEnd < 0) {
      return null;
    }
    String[] lines = text.substring(0, headEnd).split("\r\n", -1);
    Map<String, String> headers = new LinkedHashMap<>();
    for (int i = 1; i < lines.length; i++) {
      int colon = lines[i].indexOf(':');
      if (colon > 0) {
        headers.put(
            lines[i].substring(0, colon).toLowerCase(Locale.ROOT),
            lines[i].substring(colon + 1).strip());
      }
    }
    int bodyStart = headEnd + END_OF_HEAD.length();
    int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
    return text.length() < bodyStart + length
        ? null
        : new HttpMessage(lines[0], headers, text.substring(bodyStart, bodyStart + length));
  }

  /** The second word of the start line: a request's path, a response's status. */
  String subject() {
    return startLine.split(" ", 3)[1];
  }

  /** Whether the peer keeps the connection. */
  boolean keepsConnection() {
    return !headers.getOrDefault("connection", "").equalsIgnoreCase("close");
  }
}
