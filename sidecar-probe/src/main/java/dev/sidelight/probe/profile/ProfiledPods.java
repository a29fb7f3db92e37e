/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.profile;

import dev.sidelight.hop.v1.ProfileReport;

/** What the rest of the probe knows of pods. */
public interface ProfiledPods {

  /** What the connections of a pod carry. One thread. */
  interface Traffic extends AutoCloseable {
    /** Adds what each has grown by since the last time. */
    void addTo(ProfileReport.Builder report);

    @Override
    void close();
  }

  /** Whether the pod is there; any thread. */
  boolean isPresent(int netns);

  /** Looks at the connections of a pod from now on. */
  Traffic traffic(int netns);

  /** Whether as much of the heads of responses is kept as of requests; any thread. */
  void keepWholeHeads(int netns, boolean whole);

  /** Adds the processes of a pod. */
  void addProcesses(int netns, ProfileReport.Builder report);
}
