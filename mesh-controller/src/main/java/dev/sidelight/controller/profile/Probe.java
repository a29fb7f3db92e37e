/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.profile;

import dev.sidelight.hop.v1.HopControl;
import dev.sidelight.hop.v1.PodTask;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/** The probe of one node, which may be away. Guarded by the profiles' lock. */
final class Probe {

  // state
  private Consumer<HopControl> control;
  private Map<Integer, ProfiledPod> podByNetns = Map.of();
  private boolean inventoryTold;

  /** A stream has begun; one that is still thought to be there is no more. */
  void connected(Consumer<HopControl> newControl) {
    control = newControl;
    inventoryTold = false;
  }

  /** A stream has ended; false where another has taken its place. */
  boolean disconnected(Consumer<HopControl> oldControl) {
    if (control != oldControl) {
      return false;
    }
    control = null;
    return true;
  }

  /** Replaces what is known of its pods. */
  void tell(Iterable<ProfiledPod> pods) {
    Map<Integer, ProfiledPod> told = new LinkedHashMap<>();
    pods.forEach(pod -> told.put(pod.netns(), pod));
    podByNetns = told;
    inventoryTold = true;
  }

  /** The stream that tells now; null where it is away. */
  Consumer<HopControl> stream() {
    return control;
  }

  /** Whether it can be sent a task: it is there, and knows its pods. */
  boolean isReady() {
    return control != null && inventoryTold;
  }

  Map<Integer, ProfiledPod> podByNetns() {
    return podByNetns;
  }

  /** Sends, where it is there; whoever is away is told when it is back. */
  void start(PodTask task) {
    if (isReady()) {
      control.accept(HopControl.newBuilder().setTask(task).build());
    }
  }

  /** As {@link #start}. */
  void end(String taskId) {
    if (control != null) {
      control.accept(HopControl.newBuilder().setEndTaskId(taskId).build());
    }
  }
}
