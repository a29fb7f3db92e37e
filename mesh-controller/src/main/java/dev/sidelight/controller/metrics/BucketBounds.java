/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.metrics;

import io.prometheus.client.Collector;
import java.math.BigDecimal;

/** Upper bounds of a histogram's buckets, and the unit that it is exposed in. Immutable. */
final class BucketBounds {

  private static final double NANOS_PER_SECOND = 1e9;
  private static final double NANOS_PER_MILLI = 1e6;

  /** A sidecar adds tens of microseconds, a stuck call a minute. */
  static final BucketBounds LATENCY =
      seconds(
          50,
          100,
          250,
          500,
          1_000,
          2_500,
          5_000,
          10_000,
          25_000,
          50_000,
          100_000,
          250_000,
          500_000,
          1_000_000,
          2_500_000,
          5_000_000,
          10_000_000,
          30_000_000,
          60_000_000);

  /** Loopback to the far side of the earth. */
  static final BucketBounds ROUND_TRIP =
      seconds(
          50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000,
          1_000_000);

  /** Envoy sends its log once a second, a correlator waits for ten. */
  static final BucketBounds LAG =
      seconds(
          1_000,
          2_500,
          5_000,
          10_000,
          25_000,
          50_000,
          100_000,
          250_000,
          500_000,
          1_000_000,
          2_500_000,
          5_000_000,
          10_000_000,
          30_000_000,
          60_000_000);

  /** Those of Istio's istio_request_duration_milliseconds. */
  static final BucketBounds ISTIO =
      new BucketBounds(
          NANOS_PER_MILLI,
          500,
          1_000,
          5_000,
          10_000,
          25_000,
          50_000,
          100_000,
          250_000,
          500_000,
          1_000_000,
          2_500_000,
          5_000_000,
          10_000_000,
          30_000_000,
          60_000_000,
          300_000_000,
          600_000_000,
          1_800_000_000,
          3_600_000_000L);

  // deps
  private final double nanosPerUnit;
  private final long[] nanos;
  private final String[] labels;

  private BucketBounds(double nanosPerUnit, long... micros) {
    this.nanosPerUnit = nanosPerUnit;
    nanos = new long[micros.length];
    labels = new String[micros.length + 1];
    for (int i = 0; i < micros.length; i++) {
      nanos[i] = micros[i] * 1_000;
      labels[i] = label(inUnit(nanos[i]));
    }
    labels[micros.length] = "+Inf";
  }

  private static BucketBounds seconds(long... micros) {
    return new BucketBounds(NANOS_PER_SECOND, micros);
  }

  /** Without exponents, which Java writes from a thousandth on. */
  private static String label(double bound) {
    return bound < 1
        ? new BigDecimal(Double.toString(bound)).stripTrailingZeros().toPlainString()
        : Collector.doubleToGoString(bound);
  }

  /** Buckets, that of +Inf included. */
  int count() {
    return labels.length;
  }

  /** The first whose bound is not less. */
  int bucketOf(long durationNanos) {
    int bucket = 0;
    while (bucket < nanos.length && durationNanos > nanos[bucket]) {
      bucket++;
    }
    return bucket;
  }

  /** Value of {@code le}. */
  String label(int bucket) {
    return labels[bucket];
  }

  double inUnit(long durationNanos) {
    return durationNanos / nanosPerUnit;
  }
}
