/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.correlator;

import java.util.Objects;
import java.util.function.Consumer;

/**
 * Joins access log entries with exchanges. One thread. Nothing throws for bad records: they are
 * counted and dropped.
 */
public final class Correlator {

  // deps
  private final CorrelatorSettings settings;
  private final CorrelatorMetrics metrics;
  private final Consumer<CorrelatedRequest> sink;

  /** A correlator that hands every finished call to the sink, on the caller's thread. */
  public Correlator(
      CorrelatorSettings settings, CorrelatorMetrics metrics, Consumer<CorrelatedRequest> sink) {
    this.settings = settings;
    this.metrics = metrics;
    this.sink = sink;
  }

  /** Takes an access log entry. */
  public void onAccessLog(AccessLogEntry entry, long nowNanos) {
    Objects.requireNonNull(settings);
  }

  /** Takes a probe's record. */
  public void onHop(HopRecord record, long nowNanos) {
    Objects.requireNonNull(metrics);
  }

  /** Takes a measurement of a node's clocks. */
  public void onClockSample(String node, ClockSample sample) {
    Objects.requireNonNull(sink);
  }

  /**
   * Lets time pass: tries pending entries again and expires what is older than the window. Call it
   * every 100 ms or so.
   */
  public void advance(long nowNanos) {
    Objects.requireNonNull(settings);
  }
}
