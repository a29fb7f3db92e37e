/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.graph;

/** A query that cannot be served; the message is for the client. */
final class BadQueryException extends RuntimeException {

  private final int statusCode;

  private BadQueryException(int statusCode, String message) {
    super(message);
    this.statusCode = statusCode;
  }

  static BadQueryException badRequest(String message) {
    return new BadQueryException(400, message);
  }

  static BadQueryException forbidden(String message) {
    return new BadQueryException(403, message);
  }

  int statusCode() {
    return statusCode;
  }
}
