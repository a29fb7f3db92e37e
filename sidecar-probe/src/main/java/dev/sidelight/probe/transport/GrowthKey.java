/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.transport;

/**
 * Whose growth it is.
 *
 * @param labels as exposed
 * @param app the pod's canonical service; empty where unknown
 * @param version its canonical revision; empty where unknown
 */
record GrowthKey(SeriesKey labels, String app, String version) {
  /** What it is merged into where there are too many. */
  GrowthKey merged() {
    SeriesKey merged = labels.merged();
    return new GrowthKey(merged, merged.workload(), merged.workload());
  }
}
