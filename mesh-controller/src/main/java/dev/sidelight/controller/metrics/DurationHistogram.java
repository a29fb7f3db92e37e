/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.metrics;

import io.prometheus.client.exemplars.Exemplar;

/**
 * Durations in buckets, each with the request that was observed in it last. Not thread-safe:
 * guarded by its owner, of which a scrape takes a {@link #copy}.
 */
final class DurationHistogram {

  private static final String EXEMPLAR_LABEL = "request_id";

  /** OpenMetrics allows an exemplar's labels 128 characters, names and values together. */
  private static final int LONGEST_REQUEST_ID = 128 - EXEMPLAR_LABEL.length();

  // deps
  private final BucketBounds bounds;
  // state
  private final long[] counts;
  private final String[] requestIds;
  private final long[] exemplarNanos;
  private final long[] exemplarEpochMillis;
  private long sumNanos;

  DurationHistogram(BucketBounds bounds) {
    this.bounds = bounds;
    counts = new long[bounds.count()];
    requestIds = new String[bounds.count()];
    exemplarNanos = new long[bounds.count()];
    exemplarEpochMillis = new long[bounds.count()];
  }

  private DurationHistogram(DurationHistogram other) {
    bounds = other.bounds;
    counts = other.counts.clone();
    requestIds = other.requestIds.clone();
    exemplarNanos = other.exemplarNanos.clone();
    exemplarEpochMillis = other.exemplarEpochMillis.clone();
    sumNanos = other.sumNanos;
  }

  /** Null where the other is. */
  static DurationHistogram copy(DurationHistogram other) {
    return other == null ? null : new DurationHistogram(other);
  }

  /** One without an exemplar. */
  void observe(long nanos) {
    counts[bounds.bucketOf(nanos)]++;
    sumNanos += nanos;
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
    counts[bucket]++;
    sumNanos += nanos;
    if (!requestId.isEmpty() && requestId.length() <= LONGEST_REQUEST_ID) {
      requestIds[bucket] = requestId;
      exemplarNanos[bucket] = nanos;
      exemplarEpochMillis[bucket] = epochMillis;
    }
  }

  void addAll(DurationHistogram other) {
    for (int bucket = 0; bucket < counts.length; bucket++) {
      counts[bucket] += other.counts[bucket];
    }
    sumNanos += other.sumNanos;
  }

  int buckets() {
    return counts.length;
  }

  /** Value of {@code le}. */
  String bound(int bucket) {
    return bounds.label(bucket);
  }

  /** Not cumulative. */
  long count(int bucket) {
    return counts[bucket];
  }

  /** In the unit of the bounds. */
  double sum() {
    return bounds.inUnit(sumNanos);
  }

  /** Null where there is none. */
  Exemplar exemplar(int bucket) {
    return requestIds[bucket] == null
        ? null
        : new Exemplar(
            bounds.inUnit(exemplarNanos[bucket]),
            exemplarEpochMillis[bucket],
            EXEMPLAR_LABEL,
            requestIds[bucket]);
  }
}
