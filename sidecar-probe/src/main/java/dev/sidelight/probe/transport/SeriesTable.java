/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.transport;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.IntPredicate;

/** All series; bounded: what goes over is merged and counted. Not thread-safe. */
final class SeriesTable {
  private final int seriesMax;
  private final Map<SeriesKey, Series> series = new LinkedHashMap<>();
  private long merged;

  SeriesTable(int seriesMax) {
    this.seriesMax = seriesMax;
  }

  /** These labels, or those of the series that stands for it, where there is no room. */
  SeriesKey admit(SeriesKey key) {
    if (series.containsKey(key) || series.size() < seriesMax) {
      return key;
    }
    merged++;
    return key.merged();
  }

  /** The series of labels that were admitted. */
  Series of(SeriesKey admitted) {
    return series.computeIfAbsent(admitted, absent -> new Series());
  }

  /** Drops those of pods that are gone and that nobody has touched since. */
  void expire(IntPredicate podIsPresent, long touchedBeforeNanos) {
    series
        .values()
        .removeIf(
            each ->
                each.touchedNanos() - touchedBeforeNanos < 0 && !podIsPresent.test(each.netns()));
  }

  Map<SeriesKey, Series> all() {
    return series;
  }

  /** How often something was added to a series that stands for others. */
  long merged() {
    return merged;
  }
}
