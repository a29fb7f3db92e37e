/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.metrics;

import static dev.sidelight.correlator.LatencyComponent.DESTINATION_SIDECAR;
import static dev.sidelight.correlator.LatencyComponent.DESTINATION_SIDECAR_CONNECT;
import static dev.sidelight.correlator.LatencyComponent.DESTINATION_SIDECAR_QUEUE;
import static dev.sidelight.correlator.LatencyComponent.SOURCE_SIDECAR;
import static dev.sidelight.correlator.LatencyComponent.SOURCE_SIDECAR_CONNECT;
import static dev.sidelight.correlator.LatencyComponent.SOURCE_SIDECAR_QUEUE;

import dev.sidelight.correlator.CorrelatedRequest;
import dev.sidelight.correlator.LatencyBreakdown;
import dev.sidelight.correlator.LatencyComponent;
import java.util.List;

/**
 * What one workload's sidecar took in its calls, in both directions. Written by one thread; a
 * scrape takes a {@link #copy}.
 */
final class SidecarSeries extends Series {

  private static final LatencyComponent[] OUTBOUND = {
    SOURCE_SIDECAR_QUEUE, SOURCE_SIDECAR, SOURCE_SIDECAR_CONNECT
  };
  private static final LatencyComponent[] INBOUND = {
    DESTINATION_SIDECAR_QUEUE, DESTINATION_SIDECAR, DESTINATION_SIDECAR_CONNECT
  };

  /** Those of either direction, then their sum. */
  private static final String[] COMPONENTS = {"queue", "sidecar", "connect", "total"};

  private static final int TOTAL = 3;

  // state
  private final DurationHistogram[] outbound = new DurationHistogram[COMPONENTS.length];
  private final DurationHistogram[] inbound = new DurationHistogram[COMPONENTS.length];

  SidecarSeries() {}

  private SidecarSeries(SidecarSeries other) {
    for (int i = 0; i < COMPONENTS.length; i++) {
      outbound[i] = DurationHistogram.copy(other.outbound[i]);
      inbound[i] = DurationHistogram.copy(other.inbound[i]);
    }
  }

  synchronized void addOutbound(CorrelatedRequest call, long nowEpochMillis) {
    add(outbound, OUTBOUND, call, nowEpochMillis);
  }

  synchronized void addInbound(CorrelatedRequest call, long nowEpochMillis) {
    add(inbound, INBOUND, call, nowEpochMillis);
  }

  private static void add(
      DurationHistogram[] histograms,
      LatencyComponent[] components,
      CorrelatedRequest call,
      long nowEpochMillis) {
    long totalNanos = 0;
    for (int i = 0; i < components.length; i++) {
      long nanos = call.breakdown().nanos(components[i]);
      if (nanos != LatencyBreakdown.ABSENT) {
        observe(histograms, i, nanos, call, nowEpochMillis);
        totalNanos += nanos;
      }
    }
    observe(histograms, TOTAL, totalNanos, call, nowEpochMillis);
  }

  private static void observe(
      DurationHistogram[] histograms,
      int index,
      long nanos,
      CorrelatedRequest call,
      long nowEpochMillis) {
    if (histograms[index] == null) {
      histograms[index] = new DurationHistogram(BucketBounds.LATENCY);
    }
    histograms[index].observe(nanos, call.requestId(), nowEpochMillis);
  }

  synchronized SidecarSeries copy() {
    return new SidecarSeries(this);
  }

  /** Adds a copy to the family. */
  void collect(List<String> workload, Family durations) {
    for (int i = 0; i < COMPONENTS.length; i++) {
      if (outbound[i] != null) {
        durations.add(workload, outbound[i], "outbound", COMPONENTS[i]);
      }
      if (inbound[i] != null) {
        durations.add(workload, inbound[i], "inbound", COMPONENTS[i]);
      }
    }
  }
}
