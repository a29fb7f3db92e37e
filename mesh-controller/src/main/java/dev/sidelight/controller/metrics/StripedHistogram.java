/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.metrics;

import java.util.stream.IntStream;

/** Durations from several event loops, which hardly ever meet in one stripe. Any thread. */
final class StripedHistogram {

  /** A power of two, more than there are event loops. */
  private static final int STRIPES = 16;

  // deps
  private final BucketBounds bounds;
  // state
  private final DurationHistogram[] stripes;

  StripedHistogram(BucketBounds bounds) {
    this.bounds = bounds;
    stripes =
        IntStream.range(0, STRIPES)
            .mapToObj(stripe -> new DurationHistogram(bounds))
            .toArray(DurationHistogram[]::new);
  }

  void observe(long nanos) {
    DurationHistogram stripe = stripes[(int) Thread.currentThread().getId() & (STRIPES - 1)];
    synchronized (stripe) {
      stripe.observe(nanos);
    }
  }

  DurationHistogram sum() {
    DurationHistogram sum = new DurationHistogram(bounds);
    for (DurationHistogram stripe : stripes) {
      synchronized (stripe) {
        sum.addAll(stripe);
      }
    }
    return sum;
  }
}
