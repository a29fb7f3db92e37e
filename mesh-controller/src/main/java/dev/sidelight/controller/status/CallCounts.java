/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.status;

import dev.sidelight.correlator.CorrelatedRequest;
import dev.sidelight.correlator.Coverage;
import dev.sidelight.correlator.PartialReason;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLongArray;

/** Calls of all edges by coverage and reason, since the start. Any thread. */
public final class CallCounts {

  /** Name of these in {@link Counters}; the labels are the keys of coverage and reason. */
  public static final String NAME = "calls";

  private static final int REASONS = PartialReason.values().length;

  // state
  private final AtomicLongArray counts = new AtomicLongArray(Coverage.values().length * REASONS);

  /** Counts a call. */
  public void record(CorrelatedRequest call) {
    counts.incrementAndGet(index(call.coverage(), call.reason()));
  }

  /** All that are not 0. */
  public Map<CounterKey, Long> counters() {
    Map<CounterKey, Long> counters = new HashMap<>();
    for (Coverage coverage : Coverage.values()) {
      for (PartialReason reason : PartialReason.values()) {
        long count = counts.get(index(coverage, reason));
        if (count > 0) {
          counters.put(new CounterKey(NAME, List.of(coverage.key(), reason.key())), count);
        }
      }
    }
    return counters;
  }

  private static int index(Coverage coverage, PartialReason reason) {
    return coverage.ordinal() * REASONS + reason.ordinal();
  }
}
