/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.graph;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/** An edge as it is drawn: one or, where nodes stand for several workloads, several. One thread. */
final class DrawnEdge {

  private static final long NANOS_PER_MILLI = 1_000_000L;

  // deps
  private final GraphNode source;
  private final GraphNode target;
  private final String protocol;
  // state
  private final Rates rates;
  private final List<GraphEdge> merged = new ArrayList<>();

  DrawnEdge(GraphNode source, GraphNode target, String protocol) {
    this.source = source;
    this.target = target;
    this.protocol = protocol;
    this.rates = new Rates(protocol);
  }

  void add(GraphEdge edge) {
    merged.add(edge);
    edge.responses().forEach(rates::add);
  }

  GraphNode source() {
    return source;
  }

  GraphNode target() {
    return target;
  }

  String protocol() {
    return protocol;
  }

  Rates rates() {
    return rates;
  }

  String id() {
    return Ids.edge(source.id(), target.id(), protocol);
  }

  /** Share of all calls by code, then flags; the code of what had no response is {@code -}. */
  Map<String, Map<String, String>> flagPercentsByCode() {
    Map<String, Map<String, Long>> calls = new TreeMap<>();
    for (GraphEdge edge : merged) {
      for (GraphResponse response : edge.responses()) {
        String code = response.code() == 0 ? "-" : Integer.toString(response.code());
        calls
            .computeIfAbsent(code, key -> new TreeMap<>())
            .merge(response.flags(), response.requests(), Long::sum);
      }
    }
    Map<String, Map<String, String>> percents = new TreeMap<>();
    calls.forEach(
        (code, flags) -> {
          Map<String, String> ofCode = new TreeMap<>();
          flags.forEach((flag, count) -> ofCode.put(flag, Rates.percent(count, rates.requests())));
          percents.put(code, ofCode);
        });
    return percents;
  }

  /** Empty where several edges are drawn as one: percentiles cannot be added. */
  OptionalLong responseTimeMillis(ResponseTime which) {
    if (which == ResponseTime.AVERAGE) {
      long sumNanos = merged.stream().mapToLong(edge -> edge.durations().sumNanos()).sum();
      return OptionalLong.of(toMillis(sumNanos / rates.requests()));
    }
    if (merged.size() > 1) {
      return OptionalLong.empty();
    }
    GraphEdge.Durations durations = merged.get(0).durations();
    long nanos =
        switch (which) {
          case P50 -> durations.p50Nanos();
          case P99 -> durations.p99Nanos();
          default -> durations.p95Nanos();
        };
    return nanos < 0 ? OptionalLong.empty() : OptionalLong.of(toMillis(nanos));
  }

  private static long toMillis(long nanos) {
    return Math.round((double) nanos / NANOS_PER_MILLI);
  }
}
