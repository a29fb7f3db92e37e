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

  /** The series of these labels, or the one that stands for it. */
  Series of(SeriesKey key) {
    Series known = series.get(key);
    if (known != null) {
      return known;
    }
    if (series.size() < seriesMax) {
      return series.computeIfAbsent(key, absent -> new Series());
    }
    merged++;
    return series.computeIfAbsent(key.merged(), absent -> new Series());
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
