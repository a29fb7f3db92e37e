/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.graph;

/** A parameter that cannot be served; the message is for the client. */
final class BadQueryException extends RuntimeException {

  BadQueryException(String message) {
    super(message);
  }
}
