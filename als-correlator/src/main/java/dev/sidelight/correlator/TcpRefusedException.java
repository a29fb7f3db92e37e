/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.correlator;

/** A TCP entry of which nothing may be counted. */
public final class TcpRefusedException extends Exception {

  private static final long serialVersionUID = 1L;

  /** Of an end that comes again: two loggers wrote it. */
  static final String DUPLICATE = "duplicate";

  private final String reason;

  TcpRefusedException(String reason) {
    // No stack trace: it is an ordinary answer.
    super(reason, null, false, false);
    this.reason = reason;
  }

  /** A label value: duplicate, reordered, after_end, forgotten or capacity. */
  public String reason() {
    return reason;
  }

  /** Whether all of it has been counted already: nothing is lost. */
  public boolean isDuplicate() {
    return reason.equals(DUPLICATE);
  }
}
