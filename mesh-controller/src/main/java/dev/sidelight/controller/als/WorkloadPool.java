/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.als;

import dev.sidelight.correlator.Workload;

/**
 * Workloads that repeat from entry to entry, so that entries share them. Each has one slot, the
 * newest wins it, as in {@link StringPool}. One thread.
 */
final class WorkloadPool {

  private static final int SLOTS = 1 << 10;

  // state
  private final Workload[] slots = new Workload[SLOTS];

  /** An equal one. */
  Workload get(Workload workload) {
    int hash = workload.hashCode();
    int slot = (hash ^ (hash >>> 15)) & (SLOTS - 1);
    if (!workload.equals(slots[slot])) {
      slots[slot] = workload;
    }
    return slots[slot];
  }
}
