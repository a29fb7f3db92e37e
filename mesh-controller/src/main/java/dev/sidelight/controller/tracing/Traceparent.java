/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.tracing;

import java.util.Locale;

/** What a call has in the place of a traceparent. */
public enum Traceparent {
  /** None: its trace is made of the request id. */
  ABSENT,
  /** A valid one: its span is a child of the one named there. */
  JOINED,
  /** One that W3C's Trace Context does not allow; ignored. */
  MALFORMED,
  /** One of the right form with a trace or parent id of zeros; ignored. */
  ZERO_ID;

  /** Lower-case name, as in labels. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }
}
