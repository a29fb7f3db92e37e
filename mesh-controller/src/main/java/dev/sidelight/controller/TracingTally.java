/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller;

import dev.sidelight.controller.metrics.TracingMetrics;
import dev.sidelight.controller.tracing.Traceparent;
import dev.sidelight.controller.tracing.TracingEvents;

/** Counts what the export of traces tells. */
record TracingTally(TracingMetrics metrics) implements TracingEvents {

  @Override
  public void exported(int calls) {
    metrics.calls(calls, "exported", "");
  }

  @Override
  public void failed(int calls, String reason) {
    metrics.calls(calls, "failed", reason);
  }

  @Override
  public void dropped(int calls, String reason) {
    metrics.calls(calls, "dropped", reason);
  }

  @Override
  public void traceparent(Traceparent found) {
    metrics.traceparent(found.key());
  }
}
