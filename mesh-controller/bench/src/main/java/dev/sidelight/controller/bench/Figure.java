/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.bench;

import java.util.Locale;

/**
 * What was measured.
 *
 * @param name as in the result's line, with its unit at the end
 * @param value in that unit
 * @param limit what it must not exceed; {@link #NONE} where it is for information
 */
record Figure(String name, double value, double limit) {

  static final double NONE = Double.POSITIVE_INFINITY;

  boolean holds() {
    return value <= limit;
  }

  /** {@code name=value name_limit=limit}. */
  String inResult() {
    String text = String.format(Locale.ROOT, "%s=%.1f", name, value);
    return limit == NONE ? text : text + String.format(Locale.ROOT, " %s_limit=%.0f", name, limit);
  }
}
