/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe;

import dev.sidelight.hop.v1.PodTask;
import dev.sidelight.probe.export.TaskListener;
import dev.sidelight.probe.profile.Profiles;

/** The controller's tasks, on their way to those that run. */
record ProfileTasks(Profiles profiles) implements TaskListener {

  @Override
  public void begin(PodTask task) {
    profiles.begin(task);
  }

  @Override
  public void end(String taskId) {
    profiles.end(taskId);
  }
}
