/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.graph;

import java.util.Map;
import java.util.TreeMap;

/** What of an edge's traffic had which code, flags and host. One thread. */
final class Responses {

  // state
  private final Map<String, Detail> byCode = new TreeMap<>();

  void add(String code, String flags, String host, double perSecond) {
    Detail detail = byCode.computeIfAbsent(code, key -> new Detail());
    detail.flags.merge(flags, perSecond, Double::sum);
    detail.hosts.merge(host, perSecond, Double::sum);
  }

  void addAll(Responses other) {
    other.byCode.forEach(
        (code, added) -> {
          Detail detail = byCode.computeIfAbsent(code, key -> new Detail());
          added.flags.forEach((flags, rate) -> detail.flags.merge(flags, rate, Double::sum));
          added.hosts.forEach((host, rate) -> detail.hosts.merge(host, rate, Double::sum));
        });
  }

  Map<String, Detail> byCode() {
    return byCode;
  }

  /** Of one code. */
  static final class Detail {

    // state
    private final Map<String, Double> flags = new TreeMap<>();
    private final Map<String, Double> hosts = new TreeMap<>();

    Map<String, String> flagPercents(double total) {
      return percents(flags, total);
    }

    Map<String, String> hostPercents(double total) {
      return percents(hosts, total);
    }

    private static Map<String, String> percents(Map<String, Double> rates, double total) {
      Map<String, String> percents = new TreeMap<>();
      rates.forEach((name, rate) -> percents.put(name, Rates.percent(rate, total)));
      return percents;
    }
  }
}
