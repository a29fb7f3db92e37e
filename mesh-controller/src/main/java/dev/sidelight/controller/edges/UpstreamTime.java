/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.edges;

import dev.sidelight.correlator.LatencyBreakdown;
import dev.sidelight.correlator.LatencyComponent;
import java.util.Set;

/**
 * What passed in a proxy, and what lay beyond it as the proxy itself would time it: from its
 * request upstream to the response's arrival. Nanoseconds; {@link LatencyBreakdown#ABSENT} where
 * that proxy was not seen, or nothing beyond it. Any thread.
 */
final class UpstreamTime {

  private static final Set<LatencyComponent> SOURCE_PROXY =
      Set.of(
          LatencyComponent.SOURCE_SIDECAR_QUEUE,
          LatencyComponent.SOURCE_SIDECAR,
          LatencyComponent.SOURCE_SIDECAR_CONNECT);
  private static final Set<LatencyComponent> DESTINATION_PROXY =
      Set.of(
          LatencyComponent.DESTINATION_SIDECAR_QUEUE,
          LatencyComponent.DESTINATION_SIDECAR,
          LatencyComponent.DESTINATION_SIDECAR_CONNECT);
  private static final Set<LatencyComponent> BEYOND_DESTINATION_PROXY =
      Set.of(
          LatencyComponent.DESTINATION_HOP,
          LatencyComponent.APPLICATION_QUEUE,
          LatencyComponent.APPLICATION,
          LatencyComponent.RESPONSE_TRANSFER,
          LatencyComponent.DESTINATION_UNSPLIT);
  private static final Set<LatencyComponent> BEYOND_SOURCE_PROXY =
      Set.of(
          LatencyComponent.NETWORK,
          LatencyComponent.LINK_UNSPLIT,
          LatencyComponent.DESTINATION_SIDECAR_QUEUE,
          LatencyComponent.DESTINATION_SIDECAR,
          LatencyComponent.DESTINATION_SIDECAR_CONNECT,
          LatencyComponent.DESTINATION_HOP,
          LatencyComponent.APPLICATION_QUEUE,
          LatencyComponent.APPLICATION,
          LatencyComponent.RESPONSE_TRANSFER,
          LatencyComponent.DESTINATION_UNSPLIT);

  private UpstreamTime() {}

  /** In the source's proxy: its queue, its work and its connecting. */
  static long inSourceProxy(LatencyBreakdown breakdown) {
    return sum(breakdown, SOURCE_PROXY);
  }

  /** The same of the destination's. */
  static long inDestinationProxy(LatencyBreakdown breakdown) {
    return sum(breakdown, DESTINATION_PROXY);
  }

  /** Beyond the source's proxy: the link, and all of the destination. The last attempt's. */
  static long ofSource(LatencyBreakdown breakdown) {
    return beyond(breakdown, SOURCE_PROXY, BEYOND_SOURCE_PROXY);
  }

  /** Beyond the destination's proxy: its app, and the way there and back. */
  static long ofDestination(LatencyBreakdown breakdown) {
    return beyond(breakdown, DESTINATION_PROXY, BEYOND_DESTINATION_PROXY);
  }

  private static long beyond(
      LatencyBreakdown breakdown, Set<LatencyComponent> proxy, Set<LatencyComponent> beyond) {
    return sum(breakdown, proxy) == LatencyBreakdown.ABSENT
        ? LatencyBreakdown.ABSENT
        : sum(breakdown, beyond);
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
