/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.identity;

/** A token that is not taken. The message holds nothing of it but who it says to be. */
public final class TokenRefusedException extends Exception {

  private static final long serialVersionUID = 1L;

  /** What a caller may do about it. */
  public enum Remedy {
    /** Show another token. */
    ANOTHER_TOKEN,
    /** Nothing: this one is good, and not allowed. */
    NONE,
    /** Come again later. */
    LATER
  }

  private final String reason;
  private final Remedy remedy;

  TokenRefusedException(String reason, Remedy remedy, String message) {
    super(message);
    this.reason = reason;
    this.remedy = remedy;
  }

  /** A label value. */
  public String reason() {
    return reason;
  }

  /** What a caller may do. */
  public Remedy remedy() {
    return remedy;
  }
}
