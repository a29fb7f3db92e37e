/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.edges;

import dev.sidelight.correlator.CorrelatedRequest;
import java.util.Arrays;
import java.util.List;

/** The slowest calls of one edge that started in one minute. Guarded by its {@link SlowCalls}. */
final class SlowMinute {

  // deps
  private final long minute;
  // state
  private final CorrelatedRequest[] calls = new CorrelatedRequest[SlowCalls.PER_MINUTE];
  private int size;
  private int fastest;

  SlowMinute(long minute) {
    this.minute = minute;
  }

  /** Of the wall clock, since 1970. */
  long minute() {
    return minute;
  }

  int size() {
    return size;
  }

  boolean isFull() {
    return size == calls.length;
  }

  /** Where there is no room the fastest goes, which may be this one. */
  void add(CorrelatedRequest call) {
    if (!isFull()) {
      calls[size++] = call;
    } else if (nanos(call) > nanos(calls[fastest])) {
      calls[fastest] = call;
    } else {
      return;
    }
    fastest = 0;
    for (int i = 1; i < size; i++) {
      fastest = nanos(calls[i]) < nanos(calls[fastest]) ? i : fastest;
    }
  }

  private static long nanos(CorrelatedRequest call) {
    return call.breakdown().totalNanos();
  }

  void addTo(List<CorrelatedRequest> all) {
    all.addAll(Arrays.asList(calls).subList(0, size));
  }
}
