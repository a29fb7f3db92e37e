/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.metrics;

/** What is counted under one set of label values. Figures are guarded by itself. */
abstract class Series {

  /** Exact enough for what is kept a minute or longer, and a read is cheaper than a write. */
  private static final long RESOLUTION_MILLIS = 1_000;

  private volatile long usedEpochMillis;

  /** Marks it as in use. */
  final void use(long epochMillis) {
    if (epochMillis - usedEpochMillis >= RESOLUTION_MILLIS) {
      usedEpochMillis = epochMillis;
    }
  }

  final boolean isUsedSince(long epochMillis) {
    return usedEpochMillis >= epochMillis;
  }
}
