/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.tracing;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sidelight.correlator.CorrelatedRequest;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.sdk.trace.IdGenerator;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * The trace that a call is of.
 *
 * @param traceId 32 hexadecimal digits
 * @param parent the span that called, as the call's traceparent names it; invalid where there is
 *     none
 * @param traceparent what the call had in its place
 */
record TraceContext(String traceId, SpanContext parent, Traceparent traceparent) {

  private static final Pattern FORM =
      Pattern.compile("[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}");

  /** Bits of a trace id that W3C's Trace Context has random, its last ones. */
  private static final int RANDOM_BITS = 56;

  private static final TextMapGetter<String> HEADER =
      new TextMapGetter<>() {
        @Override
        @SuppressWarnings("deprecation") // it has to be there
        public Iterable<String> keys(String traceparent) {
          return List.of("traceparent");
        }

        @Override
        public String get(String traceparent, String key) {
          return key.equals("traceparent") ? traceparent : null;
        }
      };

  /** By the call's traceparent, else by its request id. */
  static TraceContext of(CorrelatedRequest call) {
    String header = call.traceparent();
    if (header.isEmpty()) {
      return ofRequestId(call.requestId(), Traceparent.ABSENT);
    }
    SpanContext parent =
        Span.fromContext(
                W3CTraceContextPropagator.getInstance().extract(Context.root(), header, HEADER))
            .getSpanContext();
    if (parent.isValid()) {
      return new TraceContext(parent.getTraceId(), parent, Traceparent.JOINED);
    }
    boolean wellFormed = FORM.matcher(header).matches() && !header.startsWith("ff");
    return ofRequestId(call.requestId(), wellFormed ? Traceparent.ZERO_ID : Traceparent.MALFORMED);
  }

  /** All calls of one request have its id, and so one trace. */
  private static TraceContext ofRequestId(String requestId, Traceparent traceparent) {
    return new TraceContext(
        requestId.isEmpty() ? IdGenerator.random().generateTraceId() : traceIdOf(requestId),
        SpanContext.getInvalid(),
        traceparent);
  }

  /**
   * The id's own digits where it is a UUID, as Envoy makes them, so that who has the one finds the
   * other. Each Envoy on the way may write into the version's digit why the request is traced: it
   * is that of a random UUID here.
   */
  private static String traceIdOf(String requestId) {
    UUID uuid;
    try {
      uuid = UUID.fromString(requestId);
    } catch (IllegalArgumentException e) {
      uuid = null;
    }
    if (uuid == null || !uuid.toString().equals(requestId)) {
      uuid = UUID.nameUUIDFromBytes(requestId.getBytes(UTF_8));
    }
    String digits = uuid.toString().replace("-", "");
    return digits.substring(0, 12) + '4' + digits.substring(13);
  }

  /** Whether the trace is of that share of all; the same answer for each of its calls. */
  boolean isOfShare(double ratio) {
    long random =
        Long.parseUnsignedLong(traceId, 32 - RANDOM_BITS / 4, 32, 16); // always below 2^56
    return random >= Math.round((1 - ratio) * (1L << RANDOM_BITS));
  }

  /** A span of this trace. */
  SpanContext span(String spanId) {
    return SpanContext.create(traceId, spanId, TraceFlags.getSampled(), TraceState.getDefault());
  }
}
