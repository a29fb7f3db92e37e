/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.correlator;

import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;

/** Keeps the accounting. */
final class RecordingMetrics implements CorrelatorMetrics {

  final Map<RecordType, Integer> received = new EnumMap<>(RecordType.class);
  final Map<RecordType, Integer> pending = new EnumMap<>(RecordType.class);
  final Map<RecordType, Integer> ended = new EnumMap<>(RecordType.class);
  final Map<String, Integer> byOutcome = new TreeMap<>();
  int peersContradicted;

  @Override
  public void received(RecordType type, int count) {
    received.merge(type, count, Integer::sum);
  }

  @Override
  public void ended(RecordType type, RecordOutcome outcome, String reason, int count) {
    ended.merge(type, count, Integer::sum);
    byOutcome.merge(type + " " + outcome + " " + reason, count, Integer::sum);
  }

  @Override
  public void pending(RecordType type, int count) {
    pending.put(type, count);
  }

  @Override
  public void peerContradicted() {
    peersContradicted++;
  }

  boolean balances(RecordType type) {
    return received.getOrDefault(type, 0)
        == ended.getOrDefault(type, 0) + pending.getOrDefault(type, 0);
  }
}
