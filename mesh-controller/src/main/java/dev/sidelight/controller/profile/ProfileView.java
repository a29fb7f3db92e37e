/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.profile;

import java.util.Map;
import java.util.TreeMap;

/**
 * A profile without its topology, as it was at one time.
 *
 * @param remainingSeconds where it is not over
 */
record ProfileView(
    String id,
    ProfiledPod pod,
    TaskRequest request,
    ProfileState state,
    String reason,
    long startEpochMillis,
    long endEpochMillis,
    int remainingSeconds,
    int reports,
    long reportsMissing,
    long connectionsOmitted,
    long processesOmitted,
    long samplesOmitted,
    long intervalsOmitted,
    Map<String, Long> unconnectedDrops) {

  static ProfileView of(Profile profile, long nowNanos) {
    Profile.Omitted omitted = profile.omitted();
    return new ProfileView(
        profile.id(),
        profile.pod(),
        profile.request(),
        profile.state(),
        profile.reason(),
        profile.startEpochMillis(),
        profile.endEpochMillis(),
        profile.remainingSeconds(nowNanos),
        profile.reports(),
        omitted.reports,
        omitted.connections,
        omitted.processes,
        omitted.samples,
        omitted.intervals,
        new TreeMap<>(profile.unconnectedDrops()));
  }
}
