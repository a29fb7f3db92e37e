/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.metrics;

import io.prometheus.client.exemplars.Exemplar;

/**
 * Durations in buckets, each with a recent request that was observed in it. Not thread-safe:
 * guarded by its owner, of which a scrape takes a {@link #copy}.
 *
 * <p>An observation touches few cache lines, since a thousand edges are more than the caches hold:
 * what belongs to a bucket lies together.
 */
final class DurationHistogram {

  private static final String EXEMPLAR_LABEL = "request_id";

  /** OpenMetrics allows an exemplar's labels 128 characters, names and values together. */
  private static final int LONGEST_REQUEST_ID = 128 - EXEMPLAR_LABEL.length();

  /** An exemplar stands so long: nobody scrapes more often. */
  private static final long EXEMPLAR_MILLIS = 1_000;

  /** Numbers: the sum, then of each bucket its count, and value and time of its exemplar. */
  private static final int SUM = 0;

  private static final int FIRST = 1;
  private static final int STRIDE = 3;
  private static final int COUNT = 0;
  private static final int EXEMPLAR_NANOS = 1;
  private static final int EXEMPLAR_EPOCH_MILLIS = 2;

  // deps
  private final BucketBounds bounds;
  // state
  private final long[] numbers;
  private final String[] requestIds;

  DurationHistogram(BucketBounds bounds) {
    this(bounds, new long[FIRST + STRIDE * bounds.count()], new String[bounds.count()]);
  }

  private DurationHistogram(BucketBounds bounds, long[] numbers, String[] requestIds) {
    this.bounds = bounds;
    this.numbers = numbers;
    this.requestIds = requestIds;
  }

  /** Null where the other is. */
  static DurationHistogram copy(DurationHistogram other) {
    return other == null
        ? null
        : new DurationHistogram(other.bounds, other.numbers.clone(), other.requestIds.clone());
  }

  /** One without an exemplar. */
  void observe(long nanos) {
    numbers[SUM] += nanos;
    numbers[at(bounds.bucketOf(nanos))]++;
  }

  /**
   * One of a request.
   *
   * @param nanos 0 or more
   * @param requestId too long a one, which would have to be cut and then be found nowhere, makes no
   *     exemplar, nor does an empty one
   * @param epochMillis now, so that a bucket's exemplars are in the order of time
   */
  void observe(long nanos, String requestId, long epochMillis) {
    int bucket = bounds.bucketOf(nanos);
    int at = at(bucket);
    numbers[SUM] += nanos;
    numbers[at + COUNT]++;
    if (epochMillis - numbers[at + EXEMPLAR_EPOCH_MILLIS] >= EXEMPLAR_MILLIS
        && !requestId.isEmpty()
        && requestId.length() <= LONGEST_REQUEST_ID) {
      numbers[at + EXEMPLAR_NANOS] = nanos;
      numbers[at + EXEMPLAR_EPOCH_MILLIS] = epochMillis;
      requestIds[bucket] = requestId;
    }
  }

  private static int at(int bucket) {
    return FIRST + STRIDE * bucket;
  }

  void addAll(DurationHistogram other) {
    numbers[SUM] += other.numbers[SUM];
    for (int bucket = 0; bucket < buckets(); bucket++) {
      numbers[at(bucket)] += other.count(bucket);
    }
  }

  int buckets() {
    return bounds.count();
  }

  /** Value of {@code le}. */
  String bound(int bucket) {
    return bounds.label(bucket);
  }

  /** Not cumulative. */
  long count(int bucket) {
    return numbers[at(bucket) + COUNT];
  }

  /** Cumulative, the bucket included. */
  long countUpTo(int bucket) {
    long count = 0;
    for (int i = 0; i <= bucket; i++) {
      count += count(i);
    }
    return count;
  }

  /** In the unit of the bounds. */
  double sum() {
    return bounds.inUnit(numbers[SUM]);
  }

  /** Null where there is none. */
  Exemplar exemplar(int bucket) {
    return requestIds[bucket] == null
        ? null
        : new Exemplar(
            bounds.inUnit(numbers[at(bucket) + EXEMPLAR_NANOS]),
            numbers[at(bucket) + EXEMPLAR_EPOCH_MILLIS],
            EXEMPLAR_LABEL,
            requestIds[bucket]);
  }
}
