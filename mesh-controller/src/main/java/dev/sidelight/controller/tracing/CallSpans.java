/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.tracing;

import dev.sidelight.correlator.CorrelatedRequest;
import dev.sidelight.correlator.LatencyComponent;
import dev.sidelight.correlator.Workload;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.IdGenerator;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.data.StatusData;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The spans of one call: one of the whole, seen from its source ({@code CLIENT}); in it one of the
 * destination's part ({@code SERVER}); and in these one for each segment. Where nobody tells of the
 * source the whole is the destination's.
 */
final class CallSpans {

  // deps
  private final WorkloadResources resources;

  // state
  private final ChosenCall chosen;
  private final List<Segment> segments;
  private final boolean sourceKnown;
  private final SpanContext whole;
  private final SpanContext destination;
  private final SpanContext application;
  private final long serverStartNanos;
  private final long serverEndNanos;

  CallSpans(ChosenCall chosen, WorkloadResources resources) {
    this.chosen = chosen;
    this.resources = resources;
    segments = CallTimeline.of(call());
    sourceKnown = !call().source().equals(Workload.UNKNOWN);
    whole = newSpan();
    List<Segment> there = segments.stream().filter(Segment::isAtDestination).toList();
    destination = !sourceKnown ? whole : there.isEmpty() ? null : newSpan();
    application =
        there.stream().anyMatch(s -> s.component() == LatencyComponent.APPLICATION)
            ? newSpan()
            : null;
    serverStartNanos = there.isEmpty() ? 0 : there.get(0).startNanos();
    serverEndNanos = there.isEmpty() ? 0 : there.get(there.size() - 1).endNanos();
  }

  private CorrelatedRequest call() {
    return chosen.call();
  }

  private SpanContext newSpan() {
    return chosen.context().span(IdGenerator.random().generateSpanId());
  }

  ChosenCall chosen() {
    return chosen;
  }

  /** Whether something that began at that time may have been called by this call's destination. */
  boolean isUnderWayAtDestination(long epochNanos, long toleranceNanos) {
    long afterStartNanos = epochNanos - call().startEpochNanos();
    return destination != null
        && afterStartNanos >= serverStartNanos - toleranceNanos
        && afterStartNanos <= serverEndNanos + toleranceNanos;
  }

  /** What the destination's own calls are children of. */
  SpanContext caller() {
    return application == null ? destination : application;
  }

  /** All of them, the whole as the child of another. */
  List<SpanData> spans(SpanContext parent) {
    List<SpanData> spans = new ArrayList<>();
    SpanKind kind = sourceKnown ? SpanKind.CLIENT : SpanKind.SERVER;
    Workload teller = sourceKnown ? call().source() : call().destination();
    spans.add(
        new FinishedSpan(
            resources.of(teller),
            whole,
            parent,
            kind,
            name(),
            call().startEpochNanos(),
            call().startEpochNanos() + call().breakdown().totalNanos(),
            SpanAttributes.ofCall(chosen, kind),
            status(kind)));
    if (destination != null && sourceKnown) {
      spans.add(
          new FinishedSpan(
              resources.of(call().destination()),
              destination,
              whole,
              SpanKind.SERVER,
              name(),
              call().startEpochNanos() + serverStartNanos,
              call().startEpochNanos() + serverEndNanos,
              SpanAttributes.ofDestination(call()),
              status(SpanKind.SERVER)));
    }
    for (Segment segment : segments) {
      spans.add(span(segment, segment.isAtDestination() ? destination : whole, teller));
    }
    return spans;
  }

  private SpanData span(Segment segment, SpanContext parent, Workload teller) {
    Resource resource = resources.of(segment.isAtDestination() ? call().destination() : teller);
    boolean isApplication = segment.component() == LatencyComponent.APPLICATION;
    String way =
        segment.way() == Segment.Way.WHOLE
            ? ""
            : " " + segment.way().name().toLowerCase(Locale.ROOT);
    return new FinishedSpan(
        resource,
        isApplication ? application : newSpan(),
        parent,
        SpanKind.INTERNAL,
        segment.component().key() + way,
        call().startEpochNanos() + segment.startNanos(),
        call().startEpochNanos() + segment.endNanos(),
        SpanAttributes.ofSegment(segment, call()),
        StatusData.unset());
  }

  /** OpenTelemetry's: method and, of what has few values, the path without ids. */
  private String name() {
    String template = SpanAttributes.pathTemplate(call().ends());
    String method = call().method().isEmpty() ? "HTTP" : call().method();
    return template.isEmpty() ? method : method + " " + template;
  }

  private StatusData status(SpanKind kind) {
    return SpanAttributes.errorType(call(), kind).isEmpty()
        ? StatusData.unset()
        : StatusData.error();
  }
}
