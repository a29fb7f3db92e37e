/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.graph;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;
import java.util.TreeMap;

/**
 * Requests or bytes a second of one protocol, by Kiali's classes, and as Kiali writes them. One
 * thread.
 */
final class Rates {

  static final String HTTP = "http";
  static final String GRPC = "grpc";
  static final String TCP = "tcp";

  /** Kiali's code of what had no response, and of TCP. */
  static final String NO_RESPONSE = "-";

  /** Kiali asks Prometheus for rates rounded so. */
  private static final double STEPS = 1000;

  private static final String REDIRECTED = "3xx";
  private static final int HTTP_DIGITS = 3;
  private static final int RATE_DIGITS = 2;
  private static final int MAX_RATE_DIGITS = 5;
  private static final int PERCENT_DIGITS = 1;

  // deps
  private final String protocol;
  // state
  private double total;
  private double failed;
  private final Map<String, Double> byClass = new TreeMap<>();

  Rates(String protocol) {
    this.protocol = protocol;
  }

  static double perSecond(long amount, int seconds) {
    return Math.floor((double) amount / seconds * STEPS + 0.5) / STEPS;
  }

  void add(String code, double perSecond) {
    total += perSecond;
    String name = className(code);
    if (!name.isEmpty()) {
      byClass.merge(name, perSecond, Double::sum);
      failed += name.equals(REDIRECTED) ? 0 : perSecond;
    }
  }

  void addAll(Rates other) {
    total += other.total;
    failed += other.failed;
    other.byClass.forEach((name, perSecond) -> byClass.merge(name, perSecond, Double::sum));
  }

  private String className(String code) {
    return switch (protocol) {
      case HTTP -> httpClass(code);
      case GRPC -> grpcClass(code);
      default -> "";
    };
  }

  private static String httpClass(String code) {
    return switch (code.charAt(0)) {
      case '-' -> "NoResponse";
      case '3' -> REDIRECTED;
      case '4' -> "4xx";
      case '5' -> "5xx";
      default -> "";
    };
  }

  /** By gRPC's status; by HTTP's, of three digits, where that was not told. */
  private static String grpcClass(String code) {
    if (code.equals(NO_RESPONSE)) {
      return "NoResponse";
    }
    boolean error =
        code.length() == HTTP_DIGITS
            ? code.charAt(0) == '4' || code.charAt(0) == '5'
            : !code.equals("0");
    return error ? "Err" : "";
  }

  double total() {
    return total;
  }

  /** An edge's: every rate under the protocol's name, and percentages. */
  Map<String, String> ofEdge(double totalOfSource) {
    Map<String, String> rates = new TreeMap<>();
    put(rates, protocol);
    if (!protocol.equals(TCP)) {
      if (failed > 0) {
        rates.put(protocol + "PercentErr", percent(failed, total));
      }
      if (totalOfSource > 0) {
        rates.put(protocol + "PercentReq", percent(total, totalOfSource));
      }
    }
    return rates;
  }

  /** What comes into a node. */
  void putIncoming(Map<String, String> rates) {
    put(rates, protocol + "In");
  }

  /** What goes out of a node: Kiali writes the whole only. */
  void putOutgoing(Map<String, String> rates) {
    rates.put(protocol + "Out", rate(total));
  }

  private void put(Map<String, String> rates, String prefix) {
    rates.put(prefix, rate(total));
    byClass.forEach((name, perSecond) -> rates.put(prefix + name, rate(perSecond)));
  }

  static String percent(double part, double whole) {
    return text(part / whole * 100, PERCENT_DIGITS);
  }

  /** Two digits, more where otherwise none could be seen. */
  private static String rate(double perSecond) {
    int digits = 0;
    for (double left = perSecond; left < 1 && digits < MAX_RATE_DIGITS; digits++) {
      left *= 10;
    }
    return text(perSecond, Math.max(digits, RATE_DIGITS));
  }

  /** Rounded as Go's formatting does. */
  static String text(double value, int digits) {
    return new BigDecimal(value).setScale(digits, RoundingMode.HALF_EVEN).toPlainString();
  }
}
