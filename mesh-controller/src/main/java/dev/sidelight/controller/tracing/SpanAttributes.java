/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.tracing;

import static io.opentelemetry.api.common.AttributeKey.booleanKey;
import static io.opentelemetry.api.common.AttributeKey.longKey;
import static io.opentelemetry.api.common.AttributeKey.stringArrayKey;
import static io.opentelemetry.api.common.AttributeKey.stringKey;

import dev.sidelight.correlator.CallEnds;
import dev.sidelight.correlator.CorrelatedRequest;
import dev.sidelight.correlator.DestinationService;
import dev.sidelight.correlator.ExchangeEnd;
import dev.sidelight.correlator.LatencyBreakdown;
import dev.sidelight.correlator.LatencyComponent;
import dev.sidelight.correlator.PartialReason;
import dev.sidelight.correlator.RequestFlag;
import dev.sidelight.correlator.Rollup;
import dev.sidelight.correlator.SocketAddress;
import dev.sidelight.correlator.TransportFigures;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.semconv.ErrorAttributes;
import io.opentelemetry.semconv.HttpAttributes;
import io.opentelemetry.semconv.NetworkAttributes;
import io.opentelemetry.semconv.ServerAttributes;
import io.opentelemetry.semconv.UrlAttributes;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * What spans say of themselves: OpenTelemetry's names where it has one, else {@code sidelight.*}.
 * What is not known is left out. TRACING.md lists them.
 */
final class SpanAttributes {

  // OpenTelemetry's, of those that are not stable yet
  static final AttributeKey<String> URL_TEMPLATE = stringKey("url.template");
  static final AttributeKey<Long> HTTP_REQUEST_SIZE = longKey("http.request.size");
  static final AttributeKey<Long> HTTP_RESPONSE_SIZE = longKey("http.response.size");
  static final AttributeKey<String> RPC_SYSTEM = stringKey("rpc.system");
  static final AttributeKey<Long> RPC_GRPC_STATUS_CODE = longKey("rpc.grpc.status_code");
  static final AttributeKey<String> PROCESS_EXECUTABLE_NAME = stringKey("process.executable.name");

  // ours, of a call
  static final AttributeKey<String> COVERAGE = stringKey("sidelight.coverage");
  static final AttributeKey<String> REASON = stringKey("sidelight.reason");
  static final AttributeKey<List<String>> FLAGS = stringArrayKey("sidelight.flags");
  static final AttributeKey<String> RESPONSE_FLAGS = stringKey("sidelight.response_flags");
  static final AttributeKey<Boolean> MUTUAL_TLS = booleanKey("sidelight.mutual_tls");
  static final AttributeKey<String> CHOSEN_BY = stringKey("sidelight.chosen_by");

  // ours, of a component
  static final AttributeKey<String> COMPONENT = stringKey("sidelight.component");
  static final AttributeKey<String> ROLLUP = stringKey("sidelight.rollup");
  static final AttributeKey<String> WAY = stringKey("sidelight.way");
  static final AttributeKey<Boolean> HALVED = booleanKey("sidelight.halved");
  static final AttributeKey<Long> UPSTREAM_WAIT_NANOS =
      longKey("sidelight.application_upstream_wait_nanos");
  static final AttributeKey<Long> SELF_NANOS = longKey("sidelight.application_self_nanos");

  private static final AttributeKey<List<String>> REQUEST_ID =
      HttpAttributes.HTTP_REQUEST_HEADER.getAttributeKey("x-request-id");
  private static final int LEAST_ERROR_OF_CLIENTS = 400;

  private SpanAttributes() {}

  /** Nanoseconds of a roll-up, on the call. */
  static AttributeKey<Long> rollupNanos(Rollup rollup) {
    return longKey("sidelight." + rollup.key() + "_nanos");
  }

  /**
   * Layer 4 of a segment, on the call: {@code source_hop}, {@code link}, {@code destination_hop}.
   */
  static AttributeKey<Long> transport(String segment, String figure) {
    return longKey("sidelight." + segment + "." + figure);
  }

  /** Of the span that is the whole call. */
  static Attributes ofCall(ChosenCall chosen, SpanKind kind) {
    CorrelatedRequest call = chosen.call();
    AttributesBuilder attributes = Attributes.builder();
    putRequest(attributes, call, kind);
    attributes
        .put(HTTP_REQUEST_SIZE, sizeOrNull(call.requestBytes()))
        .put(HTTP_RESPONSE_SIZE, sizeOrNull(call.responseBytes()))
        .put(CHOSEN_BY, chosen.reason().key())
        .put(COVERAGE, call.coverage().key())
        .put(MUTUAL_TLS, call.isMutualTls());
    if (!call.requestId().isEmpty()) {
      attributes.put(REQUEST_ID, List.of(call.requestId()));
    }
    if (call.reason() != PartialReason.NONE) {
      attributes.put(REASON, call.reason().key());
    }
    if (!call.flags().isEmpty()) {
      attributes.put(FLAGS, call.flags().stream().map(RequestFlag::key).sorted().toList());
    }
    if (!call.responseFlags().equals("-")) {
      attributes.put(RESPONSE_FLAGS, call.responseFlags());
    }
    for (Rollup rollup : Rollup.values()) {
      putMeasured(attributes, rollupNanos(rollup), call.breakdown().nanos(rollup));
    }
    putTransport(attributes, "source_hop", call.sourceHop());
    putTransport(attributes, "link", call.link());
    putTransport(attributes, "destination_hop", call.destinationHop());
    return attributes.build();
  }

  /** Of the span that is the destination's part. */
  static Attributes ofDestination(CorrelatedRequest call) {
    AttributesBuilder attributes = Attributes.builder();
    putRequest(attributes, call, SpanKind.SERVER);
    return attributes.build();
  }

  /** Of the span that is a component, or a part of it. */
  static Attributes ofSegment(Segment segment, CorrelatedRequest call) {
    LatencyComponent component = segment.component();
    AttributesBuilder attributes =
        Attributes.builder().put(COMPONENT, component.key()).put(ROLLUP, component.rollup().key());
    if (segment.way() != Segment.Way.WHOLE) {
      attributes.put(WAY, segment.way().name().toLowerCase(Locale.ROOT));
    }
    if (segment.halved()) {
      attributes.put(HALVED, true);
    }
    if (component == LatencyComponent.APPLICATION) {
      LatencyBreakdown breakdown = call.breakdown();
      putMeasured(attributes, UPSTREAM_WAIT_NANOS, breakdown.applicationUpstreamWaitNanos());
      putMeasured(attributes, SELF_NANOS, breakdown.applicationSelfNanos());
      ExchangeEnd app = call.ends().destinationApp();
      if (app != null && !app.process().isEmpty()) {
        attributes.put(PROCESS_EXECUTABLE_NAME, app.process());
      }
    }
    return attributes.build();
  }

  /**
   * Why the call failed, in OpenTelemetry's sense; empty where it did not. To a client any status
   * from 400 on is a failure, to a server those from 500 on.
   */
  static String errorType(CorrelatedRequest call, SpanKind kind) {
    if (call.responseCode() == 0) {
      return call.responseFlags().equals("-") ? "no_response" : call.responseFlags();
    }
    boolean failed =
        call.isError()
            || (kind == SpanKind.CLIENT && call.responseCode() >= LEAST_ERROR_OF_CLIENTS);
    return failed ? String.valueOf(call.responseCode()) : "";
  }

  private static void putRequest(
      AttributesBuilder attributes, CorrelatedRequest call, SpanKind kind) {
    putText(attributes, HttpAttributes.HTTP_REQUEST_METHOD, call.method());
    putText(attributes, UrlAttributes.URL_PATH, call.path());
    putText(attributes, URL_TEMPLATE, pathTemplate(call.ends()));
    putText(attributes, ErrorAttributes.ERROR_TYPE, errorType(call, kind));
    if (call.responseCode() != 0) {
      attributes.put(HttpAttributes.HTTP_RESPONSE_STATUS_CODE, (long) call.responseCode());
    }
    if (!call.destinationService().equals(DestinationService.UNKNOWN)) {
      attributes.put(ServerAttributes.SERVER_ADDRESS, call.destinationService().host());
    }
    attributes.put(NetworkAttributes.NETWORK_TRANSPORT, "tcp");
    attributes.put(NetworkAttributes.NETWORK_PROTOCOL_NAME, "http");
    if (call.protocol().equals("grpc")) {
      attributes.put(RPC_SYSTEM, "grpc");
      putMeasured(attributes, RPC_GRPC_STATUS_CODE, grpcStatus(call.ends()));
    }
    SocketAddress peer = peer(call.ends(), kind);
    if (peer != null) {
      attributes.put(NetworkAttributes.NETWORK_PEER_ADDRESS, peer.address());
      attributes.put(NetworkAttributes.NETWORK_PEER_PORT, (long) peer.port());
    }
  }

  /** The other end of the connection between the pods. */
  private static SocketAddress peer(CallEnds ends, SpanKind kind) {
    ExchangeEnd end =
        kind == SpanKind.CLIENT ? ends.sourceUpstream() : ends.destinationDownstream();
    return end == null ? null : end.remote();
  }

  /** The path without ids, as a probe read it; empty where none did. */
  static String pathTemplate(CallEnds ends) {
    return known(ends)
        .map(ExchangeEnd::pathTemplate)
        .filter(template -> !template.isEmpty())
        .findFirst()
        .orElse("");
  }

  private static long grpcStatus(CallEnds ends) {
    return known(ends)
        .mapToLong(ExchangeEnd::grpcStatus)
        .filter(status -> status != ExchangeEnd.NO_GRPC_STATUS)
        .findFirst()
        .orElse(LatencyBreakdown.ABSENT);
  }

  private static Stream<ExchangeEnd> known(CallEnds ends) {
    return Stream.of(
            ends.sourceApp(),
            ends.sourceDownstream(),
            ends.sourceUpstream(),
            ends.destinationDownstream(),
            ends.destinationUpstream(),
            ends.destinationApp())
        .filter(end -> end != null);
  }

  private static void putTransport(
      AttributesBuilder attributes, String segment, TransportFigures figures) {
    if (figures != null) {
      attributes
          .put(transport(segment, "smoothed_rtt_nanos"), figures.smoothedRttNanos())
          .put(transport(segment, "retransmits"), (long) figures.retransmits())
          .put(transport(segment, "drops"), (long) figures.drops());
    }
  }

  private static void putText(AttributesBuilder attributes, AttributeKey<String> key, String text) {
    if (!text.isEmpty()) {
      attributes.put(key, text);
    }
  }

  private static void putMeasured(
      AttributesBuilder attributes, AttributeKey<Long> key, long value) {
    if (value != LatencyBreakdown.ABSENT) {
      attributes.put(key, value);
    }
  }

  /** The builder leaves null out; 0 bytes are bytes that nobody told. */
  private static Long sizeOrNull(long bytes) {
    return bytes == 0 ? null : bytes;
  }
}
