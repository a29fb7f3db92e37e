/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Figures as people read them. What was not measured is a dash. */
final class Figures {

  static final String ABSENT = "-";

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final String[] BYTE_UNITS = {"B", "KiB", "MiB", "GiB", "TiB"};

  private Figures() {}

  /** Milliseconds of seconds, without the unit. */
  static String millis(JsonNode seconds) {
    return seconds.isNumber() ? millis(seconds.asDouble() * 1e9) : ABSENT;
  }

  /** Milliseconds of nanoseconds, without the unit. */
  static String millis(double nanos) {
    return format("%.2f", nanos / 1e6);
  }

  /** Seconds in the unit that fits, and the unit. */
  static String duration(JsonNode seconds) {
    if (!seconds.isNumber()) {
      return ABSENT;
    }
    double value = seconds.asDouble();
    if (value < 1e-3) {
      return format("%.0f us", value * 1e6);
    }
    return value < 1 ? format("%.1f ms", value * 1e3) : format("%.1f s", value);
  }

  static String percent(double share) {
    return format("%.1f%%", 100 * share);
  }

  static String count(JsonNode number) {
    return number.isNumber() ? number.asText() : ABSENT;
  }

  static String perSecond(double count, double seconds) {
    return format("%.1f", count / seconds);
  }

  static String bytes(JsonNode number) {
    if (!number.isNumber()) {
      return ABSENT;
    }
    double value = number.asDouble();
    int unit = 0;
    while (value >= 1024 && unit < BYTE_UNITS.length - 1) {
      value /= 1024;
      unit++;
    }
    return format(unit == 0 ? "%.0f %s" : "%.1f %s", value, BYTE_UNITS[unit]);
  }

  /** Time of the day, UTC. */
  static String time(long epochNanos) {
    return TIME.format(Instant.ofEpochMilli(Math.floorDiv(epochNanos, 1_000_000L)));
  }

  /** A span in its two largest units. */
  static String span(long seconds) {
    if (seconds < 120) {
      return seconds + " s";
    }
    return seconds < 7_200
        ? units(seconds / 60, "min", seconds % 60, "s")
        : units(seconds / 3600, "h", seconds % 3600 / 60, "min");
  }

  private static String units(long large, String unit, long small, String smallUnit) {
    return large + " " + unit + (small == 0 ? "" : " " + small + " " + smallUnit);
  }

  static String format(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }
}
