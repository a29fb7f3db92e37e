/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.tracing;

import dev.sidelight.correlator.CorrelatedRequest;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Puts the calls of one trace together: a call that an app made while it worked on another one is a
 * child of that one's application, unless the app says by a traceparent of its own which of its
 * spans made it. One thread.
 */
final class TraceAssembly {

  /** What the clocks of two nodes may differ by. */
  private static final long TOLERANCE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  // deps
  private final WorkloadResources resources = new WorkloadResources();

  /** The spans of calls of one trace. */
  List<SpanData> spans(List<ChosenCall> calls) {
    List<CallSpans> all = new ArrayList<>();
    for (ChosenCall call : calls) {
      all.add(new CallSpans(call, resources));
    }
    List<SpanData> spans = new ArrayList<>();
    for (CallSpans call : all) {
      spans.addAll(call.spans(parent(call, all)));
    }
    return spans;
  }

  private static SpanContext parent(CallSpans call, List<CallSpans> all) {
    SpanContext named = call.chosen().context().parent();
    CallSpans caller = null;
    for (CallSpans other : all) {
      if (other != call
          && mayHaveCalled(other, call)
          && (caller == null || startEpochNanos(other) > startEpochNanos(caller))) {
        caller = other;
      }
    }
    boolean ownSpan =
        named.isValid()
            && caller != null
            && !named.getSpanId().equals(caller.chosen().context().parent().getSpanId());
    return caller == null || ownSpan ? named : caller.caller();
  }

  /** Whether the other's destination is this one's source, with the same request in hand. */
  private static boolean mayHaveCalled(CallSpans other, CallSpans call) {
    CorrelatedRequest outer = other.chosen().call();
    CorrelatedRequest inner = call.chosen().call();
    return !inner.requestId().isEmpty()
        && outer.requestId().equals(inner.requestId())
        && outer.destination().equals(inner.source())
        && other.isUnderWayAtDestination(inner.startEpochNanos(), TOLERANCE_NANOS);
  }

  private static long startEpochNanos(CallSpans spans) {
    return spans.chosen().call().startEpochNanos();
  }
}
