/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.tracing;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Counts what is told. */
final class RecordingTracingEvents implements TracingEvents {

  private final Map<String, Integer> counts = new ConcurrentHashMap<>();

  @Override
  public void exported(int calls) {
    counts.merge("exported", calls, Integer::sum);
  }

  @Override
  public void failed(int calls, String reason) {
    counts.merge("failed " + reason, calls, Integer::sum);
  }

  @Override
  public void dropped(int calls, String reason) {
    counts.merge("dropped " + reason, calls, Integer::sum);
  }

  @Override
  public void traceparent(Traceparent found) {
    counts.merge("traceparent " + found.key(), 1, Integer::sum);
  }

  int count(String what) {
    return counts.getOrDefault(what, 0);
  }

  /** Calls that left, one way or another. */
  int left() {
    return counts.entrySet().stream()
        .filter(entry -> !entry.getKey().startsWith("traceparent"))
        .mapToInt(Map.Entry::getValue)
        .sum();
  }
}
