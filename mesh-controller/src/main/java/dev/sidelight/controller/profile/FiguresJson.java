/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.profile;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.Map;

/** Writes what ends of connections have carried into an object that is open. Any thread. */
final class FiguresJson {

  private static final int NANO_DIGITS = 9;
  private static final double MEDIAN = 0.5;
  private static final double P95 = 0.95;

  private FiguresJson() {}

  static void write(JsonGenerator json, Figures figures) throws IOException {
    writeCalls(json, "writes", figures.writeCalls(), figures.writeBytes(), figures.writes());
    writeCalls(json, "reads", figures.readCalls(), figures.readBytes(), figures.reads());
    writeCounted(json, "rtt", figures.roundTrips());
    writeCounted(json, "connect", figures.connects());
    writeCounted(json, "accept", figures.accepts());
    writeCloses(json, figures);
    json.writeNumberField("retransmits", figures.retransmits());
    if (!figures.packetsByDrop().isEmpty()) {
      writeCounts(json, "drops", figures.packetsByDrop());
    }
  }

  private static void writeCalls(
      JsonGenerator json, String field, long calls, long bytes, Durations durations)
      throws IOException {
    json.writeObjectFieldStart(field);
    json.writeNumberField("calls", calls);
    json.writeNumberField("bytes", bytes);
    writeDurations(json, durations);
    json.writeEndObject();
  }

  private static void writeCounted(JsonGenerator json, String field, Durations durations)
      throws IOException {
    if (durations != null) {
      json.writeObjectFieldStart(field);
      json.writeNumberField("count", durations.count());
      writeDurations(json, durations);
      json.writeEndObject();
    }
  }

  private static void writeCloses(JsonGenerator json, Figures figures) throws IOException {
    Map<String, Long> closers = figures.connectionsByCloser();
    if (!closers.isEmpty()) {
      json.writeObjectFieldStart("close");
      json.writeNumberField("count", closers.values().stream().mapToLong(Long::longValue).sum());
      writeCounts(json, "byCloser", closers);
      writeDurations(json, figures.closes());
      json.writeEndObject();
    }
  }

  static void writeCounts(JsonGenerator json, String field, Map<String, Long> counts)
      throws IOException {
    json.writeObjectFieldStart(field);
    for (Map.Entry<String, Long> count : counts.entrySet()) {
      json.writeNumberField(count.getKey(), count.getValue());
    }
    json.writeEndObject();
  }

  private static void writeDurations(JsonGenerator json, Durations durations) throws IOException {
    if (durations != null) {
      writeSeconds(json, "meanSeconds", durations.meanNanos());
      writeSeconds(json, "p50Seconds", durations.percentileNanos(MEDIAN));
      writeSeconds(json, "p95Seconds", durations.percentileNanos(P95));
    }
  }

  private static void writeSeconds(JsonGenerator json, String field, long nanos)
      throws IOException {
    BigDecimal seconds = BigDecimal.valueOf(nanos, NANO_DIGITS);
    json.writeNumberField(
        field, seconds.signum() == 0 ? BigDecimal.ZERO : seconds.stripTrailingZeros());
  }
}
