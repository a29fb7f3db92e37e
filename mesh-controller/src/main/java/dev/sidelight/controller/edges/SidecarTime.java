/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.edges;

import dev.sidelight.correlator.LatencyBreakdown;
import dev.sidelight.correlator.LatencyComponent;
import java.util.Set;

/**
 * What passed in one of a call's two sidecars: its queue, its work and its connecting. Nanoseconds;
 * {@link LatencyBreakdown#ABSENT} where that sidecar was not seen. Any thread.
 */
final class SidecarTime {

  private static final Set<LatencyComponent> SOURCE =
      Set.of(
          LatencyComponent.SOURCE_SIDECAR_QUEUE,
          LatencyComponent.SOURCE_SIDECAR,
          LatencyComponent.SOURCE_SIDECAR_CONNECT);
  private static final Set<LatencyComponent> DESTINATION =
      Set.of(
          LatencyComponent.DESTINATION_SIDECAR_QUEUE,
          LatencyComponent.DESTINATION_SIDECAR,
          LatencyComponent.DESTINATION_SIDECAR_CONNECT);

  private SidecarTime() {}

  static long ofSource(LatencyBreakdown breakdown) {
    return sum(breakdown, SOURCE);
  }

  static long ofDestination(LatencyBreakdown breakdown) {
    return sum(breakdown, DESTINATION);
  }

  private static long sum(LatencyBreakdown breakdown, Set<LatencyComponent> components) {
    long sum = LatencyBreakdown.ABSENT;
    for (LatencyComponent component : components) {
      long nanos = breakdown.nanos(component);
      if (nanos != LatencyBreakdown.ABSENT) {
        sum = Math.max(sum, 0) + nanos;
      }
    }
    return sum;
  }
}
