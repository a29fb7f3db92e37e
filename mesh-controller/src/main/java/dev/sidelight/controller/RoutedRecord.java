/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller;

import dev.sidelight.correlator.AccessLogEntry;
import dev.sidelight.correlator.ClockSample;
import dev.sidelight.correlator.Correlator;
import dev.sidelight.correlator.HopRecord;

/** A value on its way from an ingest to the correlator that owns it. */
sealed interface RoutedRecord {

  /** Gives it to the correlator, on the correlator's thread. */
  void deliver(Correlator correlator, long nowNanos);

  /** Label value: what is counted. */
  String type();

  /** How many of that it counts for. */
  int count();

  /** An access log entry. */
  record Entry(AccessLogEntry entry) implements RoutedRecord {
    @Override
    public void deliver(Correlator correlator, long nowNanos) {
      correlator.onAccessLog(entry, nowNanos);
    }

    @Override
    public String type() {
      return "entry";
    }

    @Override
    public int count() {
      return 1;
    }
  }

  /** A probe's record. */
  record Hop(HopRecord hop) implements RoutedRecord {
    @Override
    public void deliver(Correlator correlator, long nowNanos) {
      correlator.onHop(hop, nowNanos);
    }

    @Override
    public String type() {
      return "end";
    }

    @Override
    public int count() {
      return (hop.initiator() == null ? 0 : 1) + (hop.acceptor() == null ? 0 : 1);
    }
  }

  /** A measurement of a node's clocks; every owner needs every one. */
  record Clock(String node, ClockSample sample) implements RoutedRecord {
    @Override
    public void deliver(Correlator correlator, long nowNanos) {
      correlator.onClockSample(node, sample);
    }

    @Override
    public String type() {
      return "clock_sample";
    }

    @Override
    public int count() {
      return 1;
    }
  }
}
