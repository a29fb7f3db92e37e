/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.status;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Values of counters, at one time or of what they have grown by. What is not there is 0. Immutable.
 */
public final class Counters {

  /** None at all. */
  public static final Counters NONE = new Counters(Map.of());

  // state
  private final Map<CounterKey, Long> values;

  /** Copies the values. */
  public Counters(Map<CounterKey, Long> values) {
    this.values = Map.copyOf(values);
  }

  /** What these have grown by since; one that went back has begun anew, and all of it is growth. */
  Counters since(Counters before) {
    Map<CounterKey, Long> grown = new HashMap<>();
    values.forEach(
        (key, value) -> {
          long earlier = before.values.getOrDefault(key, 0L);
          grown.put(key, value >= earlier ? value - earlier : value);
        });
    return new Counters(grown);
  }

  /** Sum of the counters of this name whose first labels are these. */
  public long sum(String name, String... firstLabels) {
    return values.entrySet().stream()
        .filter(entry -> matches(entry.getKey(), name, firstLabels))
        .mapToLong(Map.Entry::getValue)
        .sum();
  }

  /**
   * The same by the label that follows the first ones, in the order of that label; those that are 0
   * are left out.
   */
  public Map<String, Long> byNextLabel(String name, String... firstLabels) {
    Map<String, Long> sums = new TreeMap<>();
    values.forEach(
        (key, value) -> {
          if (value != 0 && matches(key, name, firstLabels)) {
            sums.merge(key.labels().get(firstLabels.length), value, Long::sum);
          }
        });
    return sums;
  }

  private static boolean matches(CounterKey key, String name, String... firstLabels) {
    List<String> labels = key.labels();
    return key.name().equals(name)
        && labels.size() >= firstLabels.length
        && labels.subList(0, firstLabels.length).equals(Arrays.asList(firstLabels));
  }
}
