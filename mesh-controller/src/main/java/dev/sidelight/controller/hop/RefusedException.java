/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.hop;

import io.vertx.grpc.common.GrpcStatus;

/** Something that a probe sent is refused. The reason is a label value, the message for the log. */
public final class RefusedException extends Exception {

  private static final long serialVersionUID = 1L;

  private final String reason;
  private final GrpcStatus status;

  RefusedException(String reason, String message) {
    this(reason, GrpcStatus.INVALID_ARGUMENT, message);
  }

  /**
   * A refusal.
   *
   * @param reason a label value of the metric that counts it
   * @param status what the caller is told
   * @param message for the caller and the log
   */
  public RefusedException(String reason, GrpcStatus status, String message) {
    // No stack trace: a peer that sends garbage shall not cost more than one that does not.
    super(message, null, false, false);
    this.reason = reason;
    this.status = status;
  }

  GrpcStatus status() {
    return status;
  }

  String reason() {
    return reason;
  }
}
