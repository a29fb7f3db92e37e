/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.correlator;

import java.util.Arrays;

/**
 * The components of one call while they are put together. Moves between components keep the sum.
 */
final class ComponentSums {

  // state
  private final long[] nanosByComponent = new long[LatencyComponent.values().length];

  ComponentSums() {
    clear();
  }

  /** As if nothing had been added. */
  final void clear() {
    Arrays.fill(nanosByComponent, LatencyBreakdown.ABSENT);
  }

  void add(LatencyComponent component, long nanos) {
    if (nanos < 0) {
      throw new IllegalArgumentException(component + " negative: " + nanos);
    }
    nanosByComponent[component.ordinal()] = Math.max(0, get(component)) + nanos;
  }

  /** Moves at most that much, never below 0; the target is present afterwards. */
  void move(LatencyComponent from, LatencyComponent to, long nanos) {
    long moved = Math.min(Math.max(0, nanos), Math.max(0, get(from)));
    add(to, moved);
    if (get(from) != LatencyBreakdown.ABSENT) {
      nanosByComponent[from.ordinal()] -= moved;
    }
  }

  /** Takes that much out of the sum, from the destination's largest components first. */
  void takeFromLargest(long nanos) {
    long left = nanos;
    while (left > 0) {
      int largest = 0;
      for (int i = 1; i < nanosByComponent.length; i++) {
        largest = nanosByComponent[i] > nanosByComponent[largest] ? i : largest;
      }
      long taken = Math.min(left, nanosByComponent[largest]);
      if (taken <= 0) {
        return;
      }
      nanosByComponent[largest] -= taken;
      left -= taken;
    }
  }

  private long get(LatencyComponent component) {
    return nanosByComponent[component.ordinal()];
  }

  LatencyBreakdown toBreakdown(long applicationUpstreamWaitNanos) {
    return new LatencyBreakdown(nanosByComponent.clone(), applicationUpstreamWaitNanos);
  }
}
