/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.web;

import dev.sidelight.correlator.Coverage;
import io.vertx.core.MultiMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads query parameters; {@link BadParameterException} for what is not in range. Any thread. */
final class Parameters {

  private static final int MIN_WINDOW_SECONDS = 5;
  private static final Pattern DURATION = Pattern.compile("(\\d{1,6})([smhd])");
  private static final Map<String, Integer> SECONDS_BY_UNIT =
      Map.of("s", 1, "m", 60, "h", 3600, "d", 86_400);
  private static final Pattern NUMBER = Pattern.compile("\\d{1,9}");
  private static final Pattern WORKLOAD = Pattern.compile("([^/]+)/([^/]+)");
  private static final String BOOLEANS = "true or false";
  private static final long NO_DURATION = -1;

  // deps
  private final MultiMap values;

  Parameters(MultiMap values) {
    this.values = values;
  }

  /** The window in seconds, from {@value #MIN_WINDOW_SECONDS} on. */
  int windowSeconds(int absent, int max) {
    return windowSeconds(absent, max, "");
  }

  /**
   * As {@link #windowSeconds(int, int)}.
   *
   * @param beyond what is said of longer ones
   */
  int windowSeconds(int absent, int max, String beyond) {
    String value = values.get("window");
    if (value == null) {
      return absent;
    }
    long seconds = durationSeconds(value);
    if (seconds < MIN_WINDOW_SECONDS || seconds > max) {
      throw new BadParameterException(
          "window",
          "a duration from %ds to %s, like 30s or 5m%s"
              .formatted(MIN_WINDOW_SECONDS, durationText(max), beyond),
          value);
    }
    return (int) seconds;
  }

  /**
   * Length of a slice in seconds, 0 where none is given.
   *
   * @param unit what it must be a multiple of
   * @param maxSlices into so many it may divide the window
   */
  int stepSeconds(int unit, int windowSeconds, int maxSlices) {
    String value = values.get("step");
    if (value == null) {
      return 0;
    }
    long seconds = durationSeconds(value);
    if (seconds < unit
        || seconds % unit != 0
        || seconds > windowSeconds
        || windowSeconds / seconds > maxSlices) {
      throw new BadParameterException(
          "step",
          "a multiple of %s, at most the window and at least a %dth of it"
              .formatted(durationText(unit), maxSlices),
          value);
    }
    return (int) seconds;
  }

  private static long durationSeconds(String value) {
    Matcher matcher = DURATION.matcher(value);
    return matcher.matches()
        ? Long.parseLong(matcher.group(1)) * SECONDS_BY_UNIT.get(matcher.group(2))
        : NO_DURATION;
  }

  private static String durationText(int seconds) {
    return Stream.of("d", "h", "m")
        .filter(unit -> seconds % SECONDS_BY_UNIT.get(unit) == 0)
        .findFirst()
        .map(unit -> seconds / SECONDS_BY_UNIT.get(unit) + unit)
        .orElse(seconds + "s");
  }

  /** {@code namespace}, {@code source}, {@code destination}, {@code protocol}. */
  EdgeFilter edges() {
    return new EdgeFilter(
        text("namespace"), workload("source"), workload("destination"), text("protocol"));
  }

  private Optional<WorkloadName> workload(String parameter) {
    return text(parameter)
        .map(
            value -> {
              Matcher matcher = WORKLOAD.matcher(value);
              if (!matcher.matches()) {
                throw new BadParameterException(parameter, "NAMESPACE/WORKLOAD", value);
              }
              return new WorkloadName(matcher.group(1), matcher.group(2));
            });
  }

  int number(String parameter, int min, int max, int absent) {
    String value = values.get(parameter);
    if (value == null) {
      return absent;
    }
    int number = NUMBER.matcher(value).matches() ? Integer.parseInt(value) : -1;
    if (number < min || number > max) {
      throw new BadParameterException(parameter, "a number from " + min + " to " + max, value);
    }
    return number;
  }

  boolean flag(String parameter) {
    String value = values.get(parameter);
    if (value == null || value.equals("false")) {
      return false;
    }
    if (value.equals("true")) {
      return true;
    }
    throw new BadParameterException(parameter, BOOLEANS, value);
  }

  Optional<Coverage> coverage() {
    return oneOf("coverage", Coverage.values(), Coverage::key);
  }

  Optional<StatusClass> status() {
    return oneOf("status", StatusClass.values(), StatusClass::key);
  }

  RequestOrder order() {
    return oneOf("order", RequestOrder.values(), RequestOrder::key).orElse(RequestOrder.NEWEST);
  }

  private <T> Optional<T> oneOf(String parameter, T[] possible, Function<T, String> key) {
    return text(parameter)
        .map(
            value ->
                Stream.of(possible)
                    .filter(each -> key.apply(each).equals(value))
                    .findFirst()
                    .orElseThrow(
                        () ->
                            new BadParameterException(
                                parameter,
                                Stream.of(possible)
                                    .map(key)
                                    .collect(Collectors.joining(", ", "one of ", "")),
                                value)));
  }

  /** Absent where the parameter is missing or empty. */
  Optional<String> text(String parameter) {
    return Optional.ofNullable(values.get(parameter)).filter(value -> !value.isEmpty());
  }
}
