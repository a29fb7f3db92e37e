/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.transport;

import java.util.Optional;

/** Who the pods of this node are. */
public interface PodNames {

  /** Of a network namespace; {@link WorkloadName#UNKNOWN} where nobody says. */
  WorkloadName ofNetns(int netns);

  /** Of a pod's address; empty where no pod of this node has it. */
  Optional<WorkloadName> ofAddress(String address);

  /** Whether the pod is there. */
  boolean isPresent(int netns);
}
