/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.overlay;

/** A graph that is to be passed on as it came. */
final class PassedException extends Exception {

  private final transient Outcome outcome;

  PassedException(Outcome outcome, String detail) {
    super(detail);
    this.outcome = outcome;
  }

  PassedException(Outcome outcome, Throwable cause) {
    super(cause.getMessage(), cause);
    this.outcome = outcome;
  }

  static PassedException unknownSchema(String what) {
    return new PassedException(Outcome.UNKNOWN_SCHEMA, "not as it is known: " + what);
  }

  Outcome outcome() {
    return outcome;
  }
}
