/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.export;

import dev.sidelight.hop.v1.PodTask;

/** Whoever does what the controller asks for. Must not wait. */
public interface TaskListener {

  /** A task, perhaps not for the first time. */
  void begin(PodTask task);

  /** It is to end, whether it is known or not. */
  void end(String taskId);
}
