/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.web;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.sidelight.correlator.CallEnds;
import dev.sidelight.correlator.CorrelatedRequest;
import dev.sidelight.correlator.DestinationService;
import dev.sidelight.correlator.ExchangeEnd;
import dev.sidelight.correlator.LatencyBreakdown;
import dev.sidelight.correlator.LatencyComponent;
import dev.sidelight.correlator.RequestFlag;
import dev.sidelight.correlator.Rollup;
import dev.sidelight.correlator.SocketAddress;
import dev.sidelight.correlator.TransportFigures;
import dev.sidelight.correlator.Workload;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * Writes single calls. Keys come in a fixed order; what was not measured is left out, while a time
 * that an end lacks is 0, as in {@link ExchangeEnd}. Any thread.
 */
final class RequestsJson {

  private static final JsonFactory JSON = new JsonFactory();

  private RequestsJson() {}

  static byte[] write(List<CorrelatedRequest> calls, boolean ends) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      json.writeStartObject();
      json.writeArrayFieldStart("requests");
      for (CorrelatedRequest call : calls) {
        json.writeStartObject();
        writeCall(json, call);
        writeBreakdown(json, call.breakdown());
        writeTransport(json, call);
        if (ends) {
          writeEnds(json, call.ends());
        }
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory failed", e);
    }
    return bytes.toByteArray();
  }

  private static void writeCall(JsonGenerator json, CorrelatedRequest call) throws IOException {
    writeWorkload(json, "source", call.source());
    writeWorkload(json, "destination", call.destination());
    writeService(json, call.destinationService());
    json.writeStringField("protocol", call.protocol());
    json.writeStringField("method", call.method());
    json.writeStringField("path", call.path());
    json.writeStringField("requestId", call.requestId());
    json.writeNumberField("responseCode", call.responseCode());
    json.writeStringField("responseFlags", call.responseFlags());
    json.writeNumberField("requestBytes", call.requestBytes());
    json.writeNumberField("responseBytes", call.responseBytes());
    json.writeBooleanField("mutualTls", call.isMutualTls());
    json.writeNumberField("startEpochNanos", call.startEpochNanos());
    json.writeStringField("coverage", call.coverage().key());
    json.writeStringField("reason", call.reason().key());
    json.writeArrayFieldStart("flags");
    for (RequestFlag flag : RequestFlag.values()) {
      if (call.flags().contains(flag)) {
        json.writeString(flag.key());
      }
    }
    json.writeEndArray();
  }

  private static void writeWorkload(JsonGenerator json, String field, Workload workload)
      throws IOException {
    json.writeObjectFieldStart(field);
    json.writeStringField("cluster", workload.cluster());
    json.writeStringField("namespace", workload.namespace());
    json.writeStringField("workload", workload.workload());
    json.writeStringField("app", workload.app());
    json.writeStringField("version", workload.version());
    json.writeEndObject();
  }

  private static void writeService(JsonGenerator json, DestinationService service)
      throws IOException {
    json.writeObjectFieldStart("destinationService");
    json.writeStringField("host", service.host());
    json.writeStringField("name", service.name());
    json.writeStringField("namespace", service.namespace());
    json.writeEndObject();
  }

  private static void writeBreakdown(JsonGenerator json, LatencyBreakdown breakdown)
      throws IOException {
    json.writeNumberField("totalNanos", breakdown.totalNanos());
    json.writeObjectFieldStart("components");
    for (LatencyComponent component : LatencyComponent.values()) {
      writeMeasured(json, component.key(), breakdown.nanos(component));
    }
    json.writeEndObject();
    json.writeObjectFieldStart("rollups");
    for (Rollup rollup : Rollup.values()) {
      writeMeasured(json, rollup.key(), breakdown.nanos(rollup));
    }
    json.writeEndObject();
    writeMeasured(json, "applicationUpstreamWaitNanos", breakdown.applicationUpstreamWaitNanos());
    writeMeasured(json, "applicationSelfNanos", breakdown.applicationSelfNanos());
  }

  private static void writeMeasured(JsonGenerator json, String field, long nanos)
      throws IOException {
    if (nanos != LatencyBreakdown.ABSENT) {
      json.writeNumberField(field, nanos);
    }
  }

  private static void writeTransport(JsonGenerator json, CorrelatedRequest call)
      throws IOException {
    json.writeObjectFieldStart("transport");
    writeSegment(json, "sourceHop", call.sourceHop());
    writeSegment(json, "link", call.link());
    writeSegment(json, "destinationHop", call.destinationHop());
    json.writeEndObject();
  }

  private static void writeSegment(JsonGenerator json, String field, TransportFigures figures)
      throws IOException {
    if (figures == null) {
      return;
    }
    json.writeObjectFieldStart(field);
    json.writeNumberField("smoothedRttNanos", figures.smoothedRttNanos());
    json.writeNumberField("retransmits", figures.retransmits());
    json.writeNumberField("drops", figures.drops());
    json.writeNumberField("bytesSent", figures.bytesSent());
    json.writeNumberField("bytesReceived", figures.bytesReceived());
    json.writeEndObject();
  }

  private static void writeEnds(JsonGenerator json, CallEnds ends) throws IOException {
    json.writeObjectFieldStart("ends");
    if (ends != null) {
      writeEnd(json, "sourceApp", ends.sourceApp());
      writeEnd(json, "sourceDownstream", ends.sourceDownstream());
      writeEnd(json, "sourceUpstream", ends.sourceUpstream());
      writeEnd(json, "destinationDownstream", ends.destinationDownstream());
      writeEnd(json, "destinationUpstream", ends.destinationUpstream());
      writeEnd(json, "destinationApp", ends.destinationApp());
    }
    json.writeEndObject();
  }

  private static void writeEnd(JsonGenerator json, String field, ExchangeEnd end)
      throws IOException {
    if (end == null) {
      return;
    }
    json.writeObjectFieldStart(field);
    json.writeNumberField("socketCookie", end.socketCookie());
    json.writeNumberField("exchangeIndex", end.exchangeIndex());
    json.writeBooleanField("initiator", end.initiator());
    writeAddress(json, "local", end.local());
    writeAddress(json, "remote", end.remote());
    writeTimes(json, end);
    writePosition(json, "sendStart", end.sendStart());
    writePosition(json, "sendEnd", end.sendEnd());
    writePosition(json, "receiveStart", end.receiveStart());
    writePosition(json, "receiveEnd", end.receiveEnd());
    json.writeNumberField("smoothedRttNanos", end.smoothedRttNanos());
    json.writeNumberField("retransmits", end.retransmits());
    json.writeNumberField("drops", end.drops());
    json.writeStringField("process", end.process());
    json.writeStringField("method", end.method());
    json.writeStringField("pathTemplate", end.pathTemplate());
    json.writeNumberField("status", end.status());
    json.writeStringField("requestId", end.requestId());
    json.writeNumberField("flags", end.flags());
    json.writeStringField("protocol", end.protocol());
    json.writeNumberField("http2StreamId", end.http2StreamId());
    json.writeNumberField("grpcStatus", end.grpcStatus());
    json.writeEndObject();
  }

  private static void writeTimes(JsonGenerator json, ExchangeEnd end) throws IOException {
    json.writeNumberField("connectNanos", end.connectNanos());
    json.writeNumberField("establishedNanos", end.establishedNanos());
    json.writeNumberField("firstSendNanos", end.firstSendNanos());
    json.writeNumberField("lastSendNanos", end.lastSendNanos());
    json.writeNumberField("firstArrivalNanos", end.firstArrivalNanos());
    json.writeNumberField("lastArrivalNanos", end.lastArrivalNanos());
    json.writeNumberField("firstReadNanos", end.firstReadNanos());
    json.writeNumberField("lastReadNanos", end.lastReadNanos());
  }

  /** Positions are unsigned 32 bits. */
  private static void writePosition(JsonGenerator json, String field, int position)
      throws IOException {
    json.writeNumberField(field, Integer.toUnsignedLong(position));
  }

  private static void writeAddress(JsonGenerator json, String field, SocketAddress address)
      throws IOException {
    json.writeObjectFieldStart(field);
    json.writeStringField("address", address.address());
    json.writeNumberField("port", address.port());
    json.writeEndObject();
  }
}
