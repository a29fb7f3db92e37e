/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.als;

import java.io.IOException;

/** Reads google.protobuf.Duration and Timestamp, seconds included, as nanoseconds. */
final class TimeFields {

  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  /** Ten years: beyond any stream, and far from overflow. */
  private static final long MOST_DURATION_SECONDS = 315_576_000L;

  /** The year 2200: the last whose nanoseconds fit a long is 2262. */
  private static final long MOST_EPOCH_SECONDS = 7_258_118_400L;

  private TimeFields() {}

  /** Nanoseconds of a Duration, 0 or more. */
  static long durationNanos(WireReader in) throws IOException, RefusedException {
    return nanos(in, MOST_DURATION_SECONDS);
  }

  /** Nanoseconds since the epoch of a Timestamp. */
  static long epochNanos(WireReader in) throws IOException, RefusedException {
    return nanos(in, MOST_EPOCH_SECONDS);
  }

  private static long nanos(WireReader in, long mostSeconds) throws IOException, RefusedException {
    long seconds = 0;
    long nanos = 0;
    int outer = in.enter();
    for (int field = in.nextField(); field != 0; field = in.nextField()) {
      switch (field) {
        case 1 -> seconds = in.varint();
        case 2 -> nanos = (int) in.varint();
        default -> in.skip();
      }
    }
    in.leave(outer);
    if (seconds < 0 || seconds > mostSeconds || nanos < 0 || nanos >= NANOS_PER_SECOND) {
      throw new RefusedException(
          "impossible_time", "a time of " + seconds + " s and " + nanos + " ns");
    }
    return seconds * NANOS_PER_SECOND + nanos;
  }
}
