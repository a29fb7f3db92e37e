/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.metrics;

/** What is counted under one set of label values. Guarded by itself. */
abstract class Series {

  private long usedEpochMillis;

  /** Marks it as in use. */
  final synchronized void use(long epochMillis) {
    usedEpochMillis = epochMillis;
  }

  final synchronized boolean isUsedSince(long epochMillis) {
    return usedEpochMillis >= epochMillis;
  }
}
