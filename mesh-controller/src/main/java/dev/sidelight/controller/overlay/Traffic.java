/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.overlay;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Calls of one protocol over an edge, in the words and the spelling of Kiali's rates and responses.
 * One thread.
 */
final class Traffic {

  /** As Kiali: two digits, more until one is not 0. */
  private static final int MIN_DIGITS = 2;

  private static final int MAX_DIGITS = 5;

  // deps
  private final String protocol;

  // state
  private final List<OverlayEdge.Response> responses = new ArrayList<>();

  Traffic(String protocol) {
    this.protocol = protocol;
  }

  void add(List<OverlayEdge.Response> more) {
    responses.addAll(more);
  }

  String protocol() {
    return protocol;
  }

  long requests() {
    return responses.stream().mapToLong(OverlayEdge.Response::requests).sum();
  }

  /** An edge's rates. */
  Map<String, String> ofEdge(long seconds, long requestsOfSource) {
    Map<String, String> rates = in(seconds, protocol);
    long failed =
        responses.stream()
            .filter(response -> isFailure(rateSuffix(response.code())))
            .mapToLong(OverlayEdge.Response::requests)
            .sum();
    if (failed > 0) {
      rates.put(protocol + "PercentErr", percent(failed, requests()));
    }
    rates.put(protocol + "PercentReq", percent(requests(), requestsOfSource));
    return rates;
  }

  /** Rates of what goes into a node of this, and out again. */
  Map<String, String> ofNode(long seconds) {
    Map<String, String> rates = in(seconds, protocol + "In");
    rates.put(protocol + "Out", rate(requests(), seconds));
    return rates;
  }

  private Map<String, String> in(long seconds, String name) {
    Map<String, Long> calls = new TreeMap<>();
    calls.put("", requests());
    for (OverlayEdge.Response response : responses) {
      String suffix = rateSuffix(response.code());
      if (!suffix.isEmpty()) {
        calls.merge(suffix, response.requests(), Long::sum);
      }
    }
    Map<String, String> rates = new TreeMap<>();
    calls.forEach((suffix, count) -> rates.put(name + suffix, rate(count, seconds)));
    return rates;
  }

  /** Share of all calls by code, then flags; {@code -} for no response. */
  Map<String, Map<String, String>> flags() {
    Map<String, Map<String, Long>> calls = new TreeMap<>();
    for (OverlayEdge.Response response : responses) {
      calls
          .computeIfAbsent(
              response.code() == 0 ? "-" : Integer.toString(response.code()),
              code -> new TreeMap<>())
          .merge(response.flags(), response.requests(), Long::sum);
    }
    Map<String, Map<String, String>> percents = new TreeMap<>();
    calls.forEach(
        (code, byFlags) -> {
          Map<String, String> ofCode = new TreeMap<>();
          byFlags.forEach((flags, count) -> ofCode.put(flags, percent(count, requests())));
          percents.put(code, ofCode);
        });
    return percents;
  }

  private String rateSuffix(int code) {
    if (code == 0) {
      return "NoResponse";
    }
    if (protocol.equals("http")) {
      return code >= 300 && code < 600 ? code / 100 + "xx" : "";
    }
    return code >= 400 ? "Err" : "";
  }

  private static boolean isFailure(String suffix) {
    return !suffix.isEmpty() && !suffix.equals("3xx");
  }

  private static String percent(long part, long whole) {
    return String.format(Locale.ROOT, "%.1f", 100.0 * part / whole);
  }

  private static String rate(long calls, long seconds) {
    BigDecimal rate =
        BigDecimal.valueOf(calls)
            .divide(BigDecimal.valueOf(seconds), 2 * MAX_DIGITS, RoundingMode.HALF_UP);
    int zeros = rate.scale() - rate.precision();
    int digits = Math.min(MAX_DIGITS, Math.max(MIN_DIGITS, zeros + 1));
    return rate.setScale(digits, RoundingMode.HALF_UP).toPlainString();
  }
}
