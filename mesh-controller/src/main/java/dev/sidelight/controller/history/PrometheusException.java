/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.history;

/** Prometheus did not answer, or not as asked; the message is for the client. */
public final class PrometheusException extends RuntimeException {

  PrometheusException(String message) {
    super(message);
  }

  PrometheusException(String message, Throwable cause) {
    super(message, cause);
  }
}
