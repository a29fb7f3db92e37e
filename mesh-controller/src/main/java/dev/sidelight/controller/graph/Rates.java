/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.graph;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Calls of one protocol, on an edge or on one side of a node, as Kiali writes rates: strings with
 * two digits, more where the rate is small; what did not occur is left out. One thread.
 */
final class Rates {

  private static final String HTTP = "http";
  private static final int RATE_DIGITS = 2;
  private static final int MAX_RATE_DIGITS = 5;
  private static final int PERCENT_DIGITS = 1;

  // deps
  private final String protocol;
  // state
  private long requests;
  private long failed;
  private final Map<String, Long> requestsByClass = new TreeMap<>();

  Rates(String protocol) {
    this.protocol = protocol;
  }

  void add(GraphResponse response) {
    requests += response.requests();
    String kind = isHttp() ? httpClass(response.code()) : grpcClass(response.code());
    if (!kind.isEmpty()) {
      requestsByClass.merge(kind, response.requests(), Long::sum);
      failed += kind.equals("3xx") ? 0 : response.requests();
    }
  }

  private boolean isHttp() {
    return protocol.equals(HTTP);
  }

  private static String httpClass(int code) {
    if (code == 0) {
      return "NoResponse";
    }
    return code >= 300 && code < 600 ? code / 100 + "xx" : "";
  }

  private static String grpcClass(int code) {
    if (code == 0) {
      return "NoResponse";
    }
    return code >= 400 ? "Err" : "";
  }

  long requests() {
    return requests;
  }

  /** An edge's: every rate under the protocol's name, and percentages. */
  Map<String, String> ofEdge(int seconds, long requestsOfSource) {
    Map<String, String> rates = new LinkedHashMap<>();
    put(rates, protocol, seconds);
    if (failed > 0) {
      rates.put(protocol + "PercentErr", percent(failed, requests));
    }
    rates.put(protocol + "PercentReq", percent(requests, requestsOfSource));
    return rates;
  }

  /** What comes into a node. */
  void putIncoming(Map<String, String> rates, int seconds) {
    put(rates, protocol + "In", seconds);
  }

  /** What goes out of a node: Kiali writes the whole only. */
  void putOutgoing(Map<String, String> rates, int seconds) {
    rates.put(protocol + "Out", rate(requests, seconds));
  }

  private void put(Map<String, String> rates, String prefix, int seconds) {
    rates.put(prefix, rate(requests, seconds));
    requestsByClass.forEach((kind, calls) -> rates.put(prefix + kind, rate(calls, seconds)));
  }

  static String percent(long part, long whole) {
    return BigDecimal.valueOf(100L * part)
        .divide(BigDecimal.valueOf(whole), PERCENT_DIGITS, RoundingMode.HALF_UP)
        .toString();
  }

  private static String rate(long calls, int seconds) {
    int digits = 0;
    for (double rate = (double) calls / seconds; rate < 1 && digits < MAX_RATE_DIGITS; digits++) {
      rate *= 10;
    }
    return BigDecimal.valueOf(calls)
        .divide(BigDecimal.valueOf(seconds), Math.max(digits, RATE_DIGITS), RoundingMode.HALF_UP)
        .toString();
  }
}
