/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.edges;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.math.BigDecimal;

/** How durations stand in the API: seconds to the nanosecond, what is not known left out. */
public final class FiguresJson {

  private static final int NANO_DIGITS = 9;

  private FiguresJson() {}

  /** Figures as an object of this name. */
  public static void write(JsonGenerator json, String field, LatencyFigures figures)
      throws IOException {
    json.writeObjectFieldStart(field);
    json.writeNumberField("count", figures.count());
    writeSeconds(json, "meanSeconds", figures.meanNanos());
    writeSeconds(json, "p50Seconds", figures.p50Nanos());
    writeSeconds(json, "p95Seconds", figures.p95Nanos());
    writeSeconds(json, "p99Seconds", figures.p99Nanos());
    json.writeEndObject();
  }

  static void writeSeconds(JsonGenerator json, String field, long nanos) throws IOException {
    if (nanos != LatencyFigures.ABSENT) {
      json.writeNumberField(field, plain(BigDecimal.valueOf(nanos, NANO_DIGITS)));
    }
  }

  /** Without zeros at its end. */
  static BigDecimal plain(BigDecimal value) {
    return value.signum() == 0 ? BigDecimal.ZERO : value.stripTrailingZeros();
  }
}
