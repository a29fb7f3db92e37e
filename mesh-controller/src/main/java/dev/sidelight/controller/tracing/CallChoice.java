/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.tracing;

import dev.sidelight.controller.tracing.ChosenCall.Reason;
import dev.sidelight.correlator.CorrelatedRequest;

/** Which calls are exported. Immutable. */
final class CallChoice {

  // deps
  private final TracingSettings settings;

  CallChoice(TracingSettings settings) {
    this.settings = settings;
  }

  /** Null where the call is not chosen. Of most calls the length alone is looked at. */
  ChosenCall choose(CorrelatedRequest call) {
    boolean slow =
        settings.slowNanos() > 0 && call.breakdown().totalNanos() >= settings.slowNanos();
    boolean flagged = settings.sampledFlag() == SampledFlag.FOLLOW && !call.traceparent().isEmpty();
    if (!slow && !flagged && settings.sampleRatio() == 0) {
      return null;
    }
    TraceContext context = TraceContext.of(call);
    Reason reason = reason(slow, context);
    return reason == null ? null : new ChosenCall(call, context, reason);
  }

  private Reason reason(boolean slow, TraceContext context) {
    boolean heeded =
        settings.sampledFlag() != SampledFlag.IGNORE && context.traceparent() == Traceparent.JOINED;
    if (heeded && !context.parent().isSampled()) {
      return null;
    }
    if (slow) {
      return Reason.SLOW;
    }
    if (heeded && settings.sampledFlag() == SampledFlag.FOLLOW) {
      return Reason.SAMPLED_FLAG;
    }
    return context.isOfShare(settings.sampleRatio()) ? Reason.RATIO : null;
  }
}
