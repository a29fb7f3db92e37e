/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.bookinfo;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.TreeMap;

/** One call as the API tells it, {@code ends} included. */
record Call(JsonNode json) {

  private static final long MILLION = 1_000_000;

  String source() {
    return json.get("source").get("workload").asText();
  }

  String destination() {
    return json.get("destination").get("workload").asText();
  }

  String edge() {
    return source() + "->" + destination();
  }

  String requestId() {
    return json.get("requestId").asText();
  }

  String coverage() {
    return json.get("coverage").asText();
  }

  boolean isFull() {
    return coverage().equals("full");
  }

  String reason() {
    return json.get("reason").asText();
  }

  long startEpochMillis() {
    return json.get("startEpochNanos").asLong() / MILLION;
  }

  long endEpochMillis() {
    return (json.get("startEpochNanos").asLong() + totalNanos()) / MILLION;
  }

  long totalNanos() {
    return json.get("totalNanos").asLong();
  }

  /** Nanoseconds by component; what was not measured is not in it. */
  Map<String, Long> components() {
    Map<String, Long> nanos = new TreeMap<>();
    json.get("components").properties().forEach(c -> nanos.put(c.getKey(), c.getValue().asLong()));
    return nanos;
  }

  int linkRetransmits() {
    return json.get("transport").get("link").get("retransmits").asInt();
  }

  /** One of the six ends, by its name in {@code ends}; null where it was not seen. */
  JsonNode end(String name) {
    return json.get("ends").get(name);
  }

  /** A time of one of the six ends, CLOCK_MONOTONIC nanoseconds. */
  long nanos(String end, String point) {
    return end(end).get(point).asLong();
  }
}
