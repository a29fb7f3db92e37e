/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.web;

import dev.sidelight.correlator.Coverage;
import io.vertx.core.MultiMap;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads query parameters; {@link BadParameterException} for what is not in range. Any thread. */
final class Parameters {

  private static final int DEFAULT_WINDOW_SECONDS = 60;
  private static final int MIN_WINDOW_SECONDS = 5;
  private static final int MAX_WINDOW_SECONDS = 900;
  private static final String WINDOW_RANGE = "a duration from 5s to 15m, like 30s or 5m";
  private static final Pattern DURATION = Pattern.compile("(\\d{1,6})([sm])");
  private static final Pattern NUMBER = Pattern.compile("\\d{1,9}");
  private static final String COVERAGES = "one of full, alsOnly, oneSided";
  private static final String BOOLEANS = "true or false";

  // deps
  private final MultiMap values;

  Parameters(MultiMap values) {
    this.values = values;
  }

  /** The window in seconds, 60 where none is given. */
  int windowSeconds() {
    String value = values.get("window");
    if (value == null) {
      return DEFAULT_WINDOW_SECONDS;
    }
    Matcher matcher = DURATION.matcher(value);
    if (!matcher.matches()) {
      throw new BadParameterException("window", WINDOW_RANGE, value);
    }
    int seconds = Integer.parseInt(matcher.group(1)) * (matcher.group(2).equals("m") ? 60 : 1);
    if (seconds < MIN_WINDOW_SECONDS || seconds > MAX_WINDOW_SECONDS) {
      throw new BadParameterException("window", WINDOW_RANGE, value);
    }
    return seconds;
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
    return text("coverage")
        .map(
            key ->
                Arrays.stream(Coverage.values())
                    .filter(coverage -> coverage.key().equals(key))
                    .findFirst()
                    .orElseThrow(() -> new BadParameterException("coverage", COVERAGES, key)));
  }

  /** Absent where the parameter is missing or empty. */
  Optional<String> text(String parameter) {
    return Optional.ofNullable(values.get(parameter)).filter(value -> !value.isEmpty());
  }
}
