/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.transport;

import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;

/** The sums of all connections with the same labels. Not thread-safe. */
final class Series {
  final Transfer writes = new Transfer(TransportField.WRITES);
  final Transfer reads = new Transfer(TransportField.READS);
  final Durations roundTrips = new Durations();
  final Durations connects = new Durations();
  final Durations accepts = new Durations();
  final Map<Closer, Durations> closes = new EnumMap<>(Closer.class);
  final Map<Closer, Long> closeCounts = new EnumMap<>(Closer.class);
  final Map<String, Long> drops = new TreeMap<>();

  private long retransmits;
  private long touchedNanos;
  private int netns;

  /** Adds what happened between two records of a connection; the first has none before it. */
  void add(ConnectionRecord now, ConnectionRecord before, long nowNanos) {
    touch(now.netns(), nowNanos);
    writes.add(now, before);
    reads.add(now, before);
    for (int i = 0; i < ConnectionRecord.BUCKETS; i++) {
      int grown = now.rttBucket(i) - (before == null ? 0 : before.rttBucket(i));
      roundTrips.add(i, Integer.toUnsignedLong(grown));
    }
    roundTrips.addTotal(now.rttMicros() - (before == null ? 0 : before.rttMicros()));
    retransmits += now.retransmits() - (before == null ? 0 : before.retransmits());
    if (now.connectNanos() != 0 && (before == null || before.connectNanos() == 0)) {
      connects.observe(now.connectNanos());
    }
    if (now.acceptNanos() != 0 && (before == null || before.acceptNanos() == 0)) {
      accepts.observe(now.acceptNanos());
    }
    if (now.isFinal()) {
      close(now);
    }
  }

  /** Packets that the kernel dropped. */
  void drop(String reason, long packets, int ofNetns, long nowNanos) {
    touch(ofNetns, nowNanos);
    drops.merge(reason, packets, Long::sum);
  }

  long retransmits() {
    return retransmits;
  }

  /** The pod that it was last about. */
  int netns() {
    return netns;
  }

  long touchedNanos() {
    return touchedNanos;
  }

  private void touch(int ofNetns, long nowNanos) {
    netns = ofNetns;
    touchedNanos = nowNanos;
  }

  private void close(ConnectionRecord last) {
    Closer closer = Closer.values()[last.closer()];
    closeCounts.merge(closer, 1L, Long::sum);
    if (last.closeNanos() != 0) {
      closes.computeIfAbsent(closer, key -> new Durations()).observe(last.closeNanos());
    }
  }
}
