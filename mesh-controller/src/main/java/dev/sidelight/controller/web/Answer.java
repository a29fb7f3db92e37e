/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.web;

import java.nio.charset.StandardCharsets;

/**
 * What goes back to a client.
 *
 * @param statusCode HTTP status
 * @param contentType value of content-type
 * @param body the bytes; not to be changed any more
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, only sent
public record Answer(int statusCode, String contentType, byte[] body) {

  private static final String JSON = "application/json";

  /** JSON, UTF-8. */
  public static Answer json(int statusCode, byte[] body) {
    return new Answer(statusCode, JSON, body);
  }

  /** {@code {"error": message}}; the message is for the client. */
  public static Answer error(int statusCode, String message) {
    return ErrorJson.answer(statusCode, message);
  }

  static Answer text(int statusCode, String body) {
    return new Answer(
        statusCode, "text/plain; charset=utf-8", body.getBytes(StandardCharsets.UTF_8));
  }
}
