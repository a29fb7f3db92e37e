/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.pod;

import java.util.Set;

/** Learns which pods there are; called by the scanning thread. */
public interface PodListener {

  /**
   * A pod with an Envoy is there. Who returns from this may be sent records of it.
   *
   * @param pod the pod
   * @param listeningPorts what its processes listen on already
   */
  void appeared(Pod pod, Set<Integer> listeningPorts);

  /** The last Envoy of the pod is gone. */
  void disappeared(Pod pod);
}
