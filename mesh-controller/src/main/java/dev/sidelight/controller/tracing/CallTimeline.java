/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.tracing;

import static dev.sidelight.correlator.LatencyComponent.DESTINATION_HOP;
import static dev.sidelight.correlator.LatencyComponent.DESTINATION_SIDECAR;
import static dev.sidelight.correlator.LatencyComponent.DESTINATION_SIDECAR_QUEUE;
import static dev.sidelight.correlator.LatencyComponent.LINK_UNSPLIT;
import static dev.sidelight.correlator.LatencyComponent.NETWORK;
import static dev.sidelight.correlator.LatencyComponent.SOURCE_APPLICATION_READ;
import static dev.sidelight.correlator.LatencyComponent.SOURCE_HOP;
import static dev.sidelight.correlator.LatencyComponent.SOURCE_SIDECAR;
import static dev.sidelight.correlator.LatencyComponent.SOURCE_SIDECAR_QUEUE;

import dev.sidelight.controller.tracing.Segment.Way;
import dev.sidelight.correlator.CorrelatedRequest;
import dev.sidelight.correlator.LatencyBreakdown;
import dev.sidelight.correlator.LatencyComponent;
import java.util.ArrayList;
import java.util.List;

/**
 * Lays a call's components one behind the other, in the order of its path, there and back. Each
 * begins where the one before ends, and together they are the call's total: so a component that
 * lies on both ways becomes two segments whose lengths sum to it, and none is negative.
 */
final class CallTimeline {

  /** What the way back passes; the way there is the order of {@link LatencyComponent}. */
  private static final List<LatencyComponent> BACK =
      List.of(
          DESTINATION_HOP,
          DESTINATION_SIDECAR_QUEUE,
          DESTINATION_SIDECAR,
          LINK_UNSPLIT,
          NETWORK,
          SOURCE_SIDECAR_QUEUE,
          SOURCE_SIDECAR,
          SOURCE_HOP);

  // deps
  private final LatencyBreakdown breakdown;
  private final RequestParts parts;

  // state
  private final List<Segment> segments = new ArrayList<>();
  private long atNanos;

  private CallTimeline(CorrelatedRequest call) {
    breakdown = call.breakdown();
    parts = new RequestParts(call);
  }

  /** The segments of a call, in their order; those of no length are left out. */
  static List<Segment> of(CorrelatedRequest call) {
    return new CallTimeline(call).lay();
  }

  private List<Segment> lay() {
    for (LatencyComponent component : LatencyComponent.values()) {
      if (BACK.contains(component)) {
        addPart(component, Way.REQUEST, thereNanos(component));
      } else if (component != SOURCE_APPLICATION_READ) {
        addPart(component, Way.WHOLE, measured(component));
      }
    }
    for (LatencyComponent component : BACK) {
      addPart(component, Way.RESPONSE, measured(component) - thereNanos(component));
    }
    addPart(SOURCE_APPLICATION_READ, Way.WHOLE, measured(SOURCE_APPLICATION_READ));
    return segments;
  }

  private long measured(LatencyComponent component) {
    return Math.max(0, breakdown.nanos(component));
  }

  private long thereNanos(LatencyComponent component) {
    long partNanos = parts.nanos(component);
    return partNanos == LatencyBreakdown.ABSENT ? measured(component) / 2 : partNanos;
  }

  private void addPart(LatencyComponent component, Way way, long nanos) {
    if (nanos == 0) {
      return;
    }
    int last = segments.size() - 1;
    if (last >= 0 && segments.get(last).component() == component) {
      // There and back with nothing seen in between.
      Segment there = segments.remove(last);
      segments.add(
          new Segment(component, Way.WHOLE, false, there.startNanos(), there.nanos() + nanos));
    } else {
      boolean halved = way != Way.WHOLE && parts.nanos(component) == LatencyBreakdown.ABSENT;
      segments.add(new Segment(component, way, halved, atNanos, nanos));
    }
    atNanos += nanos;
  }
}
