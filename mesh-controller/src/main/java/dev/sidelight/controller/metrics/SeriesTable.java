/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.metrics;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/**
 * Series by their label values, bounded in number and in the time that they are kept unused.
 * Written by one thread at a time, read by scrapes on any: they hold no lock of the table, and one
 * of a series only while they copy it.
 */
final class SeriesTable<S extends Series> {

  private static final long TIDY_MILLIS = 1_000;

  // deps
  private final int maxSeries;
  private final long keepMillis;
  private final LabelValues merged;
  private final Supplier<S> newSeries;
  // state
  private final Map<LabelValues, S> series = new ConcurrentHashMap<>();
  private final AtomicLong mergedCount = new AtomicLong();
  private final AtomicLong droppedCount = new AtomicLong();
  private long tidiedEpochMillis;

  /**
   * An empty table.
   *
   * @param maxSeries those kept apart
   * @param keepMillis one that is unused for so long is dropped
   * @param merged the key of what comes beyond; null where that is only counted
   */
  SeriesTable(int maxSeries, long keepMillis, LabelValues merged, Supplier<S> newSeries) {
    this.maxSeries = maxSeries;
    this.keepMillis = keepMillis;
    this.merged = merged;
    this.newSeries = newSeries;
  }

  /** The series of a key, which the caller may change afterwards; null where there is no room. */
  S use(LabelValues key, long nowEpochMillis) {
    if (nowEpochMillis - tidiedEpochMillis >= TIDY_MILLIS) {
      tidy(nowEpochMillis);
    }
    S found = series.get(key);
    if (found == null) {
      found = create(key, nowEpochMillis);
    }
    if (found != null) {
      found.use(nowEpochMillis);
    }
    return found;
  }

  private S create(LabelValues key, long nowEpochMillis) {
    LabelValues kept = key.copy();
    S known = series.get(kept);
    if (known != null) {
      return known;
    }
    if (series.size() < maxSeries) {
      S created = newSeries.get();
      // Before a scrape can see it: it would seem to be unused since 1970.
      created.use(nowEpochMillis);
      series.put(kept, created);
      return created;
    }
    mergedCount.incrementAndGet();
    return merged == null ? null : series.computeIfAbsent(merged, unused -> newSeries.get());
  }

  private void tidy(long nowEpochMillis) {
    tidiedEpochMillis = nowEpochMillis;
    series
        .values()
        .removeIf(
            candidate -> {
              boolean unused = !candidate.isUsedSince(nowEpochMillis - keepMillis);
              if (unused) {
                droppedCount.incrementAndGet();
              }
              return unused;
            });
  }

  /**
   * Every series in use with its label values. One that {@link #use} has not yet had occasion to
   * drop is left out, so that it vanishes even from a mesh that has fallen silent.
   */
  void forEach(long nowEpochMillis, BiConsumer<List<String>, S> action) {
    series.forEach(
        (key, value) -> {
          if (value.isUsedSince(nowEpochMillis - keepMillis)) {
            action.accept(key.toList(), value);
          }
        });
  }

  int size() {
    return series.size();
  }

  /** Uses beyond the bound. */
  long mergedCount() {
    return mergedCount.get();
  }

  /** Series dropped for being unused. */
  long droppedCount() {
    return droppedCount.get();
  }
}
