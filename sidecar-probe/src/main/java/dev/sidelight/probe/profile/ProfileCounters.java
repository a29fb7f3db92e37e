/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.profile;

import dev.sidelight.hop.v1.ProfileReport;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** What became of tasks, and of what they told. Any thread. */
final class ProfileCounters {
  final LongAdder begun = new LongAdder();
  final LongAdder connectionsTold = new LongAdder();
  final LongAdder connectionsOmitted = new LongAdder();
  final LongAdder processesOmitted = new LongAdder();
  final LongAdder samplesTold = new LongAdder();
  final LongAdder samplesOmitted = new LongAdder();
  final Map<Refusal, LongAdder> refused = new EnumMap<>(Refusal.class);
  final Map<TaskEnd, LongAdder> ended = new EnumMap<>(TaskEnd.class);

  ProfileCounters() {
    for (Refusal why : Refusal.values()) {
      refused.put(why, new LongAdder());
    }
    for (TaskEnd why : TaskEnd.values()) {
      ended.put(why, new LongAdder());
    }
  }

  void told(ProfileReport report) {
    connectionsTold.add(report.getConnectionsCount());
    connectionsOmitted.add(report.getConnectionsOmitted());
    processesOmitted.add(report.getProcessesOmitted());
    samplesTold.add(report.getSamplesCount());
    samplesOmitted.add(report.getSamplesOmitted());
  }
}
