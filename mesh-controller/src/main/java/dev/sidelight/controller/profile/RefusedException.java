/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.profile;

/**
 * Something that a probe reported is refused. The reason is a label value, the message for the log.
 */
final class RefusedException extends Exception {

  private final String reason;

  RefusedException(String reason, String message) {
    // No stack trace: a peer that sends garbage shall not cost more than one that does not.
    super(message, null, false, false);
    this.reason = reason;
  }

  String reason() {
    return reason;
  }
}
