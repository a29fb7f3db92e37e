/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.tracing;

import dev.sidelight.correlator.LatencyComponent;

/**
 * One stretch of a call's time: a component, or its part on the way there or back.
 *
 * @param component what it is charged to
 * @param way there, back, or both in one
 * @param halved whether nobody knows how much of the component lies on the way there: half of it is
 *     taken
 * @param startNanos after the call's start
 * @param nanos length, above 0
 */
record Segment(LatencyComponent component, Way way, boolean halved, long startNanos, long nanos) {

  /** Where on the path. */
  enum Way {
    /** With the request. */
    REQUEST,
    /** With the response. */
    RESPONSE,
    /** Not both ways, or with nothing in between. */
    WHOLE
  }

  long endNanos() {
    return startNanos + nanos;
  }

  /** Whether it passed in the destination's pod rather than before it. */
  boolean isAtDestination() {
    return switch (component) {
      case DESTINATION_SIDECAR_QUEUE,
          DESTINATION_SIDECAR,
          DESTINATION_SIDECAR_CONNECT,
          DESTINATION_HOP,
          APPLICATION_QUEUE,
          APPLICATION,
          RESPONSE_TRANSFER,
          RESPONSE_TRANSFER_BLOCKED,
          DESTINATION_UNSPLIT ->
          true;
      default -> false;
    };
  }
}
