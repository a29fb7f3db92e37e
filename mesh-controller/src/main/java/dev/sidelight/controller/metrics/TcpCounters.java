/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.metrics;

import dev.sidelight.correlator.TcpGrowth;
import java.util.Map;
import java.util.TreeMap;

/** What the connections of one series have carried since it is there. Not thread-safe. */
final class TcpCounters {

  /** Names come from the network: beyond so many reasons of drops they are merged. */
  private static final int MAX_DROP_REASONS = 64;

  // state
  final TransferSum writes = new TransferSum();
  final TransferSum reads = new TransferSum();
  final TcpBuckets connects = new TcpBuckets();
  final TcpBuckets accepts = new TcpBuckets();
  final TcpBuckets roundTrips = new TcpBuckets();
  final Map<String, Long> closes = new TreeMap<>();
  final Map<String, TcpBuckets> closeDurations = new TreeMap<>();
  final Map<String, Long> drops = new TreeMap<>();
  long retransmits;
  long grownNanos;

  /** Adds, and notes when that was. */
  void add(TcpGrowth growth, long nowNanos) {
    grownNanos = nowNanos;
    writes.add(growth.writes());
    reads.add(growth.reads());
    connects.add(growth.connects());
    accepts.add(growth.accepts());
    roundTrips.add(growth.roundTrips());
    retransmits += growth.retransmits();
    for (TcpGrowth.Close close : growth.closes()) {
      closes.merge(close.closer(), close.connections(), Long::sum);
      closeDurations
          .computeIfAbsent(close.closer(), closer -> new TcpBuckets())
          .add(close.durations());
    }
    growth.drops().forEach((reason, packets) -> drops.merge(known(reason), packets, Long::sum));
  }

  private String known(String reason) {
    return drops.size() < MAX_DROP_REASONS || drops.containsKey(reason)
        ? reason
        : WorkloadTcpLabels.MERGED;
  }

  /** Calls of one direction. */
  static final class TransferSum {
    final TcpBuckets durations = new TcpBuckets();
    long calls;
    long bytes;

    void add(TcpGrowth.Transfer growth) {
      calls += growth.calls();
      bytes += growth.bytes();
      durations.add(growth.durations());
    }
  }
}
