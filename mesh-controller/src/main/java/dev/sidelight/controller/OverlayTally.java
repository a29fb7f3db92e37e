/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller;

import dev.sidelight.controller.metrics.OverlayMetrics;
import dev.sidelight.controller.overlay.Outcome;
import dev.sidelight.controller.overlay.OverlayEvents;

/** Counts what the overlay tells. */
record OverlayTally(OverlayMetrics metrics) implements OverlayEvents {

  @Override
  public void answered(Outcome outcome) {
    metrics.answered(outcome.outcome(), outcome.reason());
  }

  @Override
  public void changeTook(long nanos) {
    metrics.changeTook(nanos);
  }
}
