/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.edges;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import dev.sidelight.correlator.Coverage;
import dev.sidelight.correlator.DestinationService;
import dev.sidelight.correlator.LatencyComponent;
import dev.sidelight.correlator.Rollup;
import dev.sidelight.correlator.Workload;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Map;

/**
 * Writes the answer of {@code GET /api/v1/edges}. Keys come in a fixed order; what was not measured
 * is left out. Any thread.
 */
public final class EdgesJson {

  private static final JsonFactory JSON =
      JsonFactory.builder().enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN).build();
  private static final int SHARE_DIGITS = 6;

  private EdgesJson() {}

  /** The whole answer, UTF-8. */
  public static byte[] write(int windowSeconds, Resolution resolution, List<EdgeSnapshot> edges) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      json.writeStartObject();
      json.writeNumberField("windowSeconds", windowSeconds);
      json.writeStringField("resolution", resolution.key());
      json.writeArrayFieldStart("edges");
      for (EdgeSnapshot edge : edges) {
        writeEdge(json, edge);
      }
      json.writeEndArray();
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory failed", e);
    }
    return bytes.toByteArray();
  }

  private static void writeEdge(JsonGenerator json, EdgeSnapshot edge) throws IOException {
    json.writeStartObject();
    writeWorkload(json, "source", edge.edge().source());
    writeWorkload(json, "destination", edge.edge().destination());
    writeService(json, edge.edge().service());
    json.writeStringField("protocol", edge.edge().protocol());
    json.writeNumberField("requests", edge.requests());
    json.writeNumberField("errors", edge.errors());
    json.writeObjectFieldStart("coverage");
    for (Map.Entry<Coverage, Long> entry : edge.coverage().entrySet()) {
      json.writeNumberField(entry.getKey().key(), entry.getValue());
    }
    json.writeEndObject();
    FiguresJson.write(json, "total", edge.total());
    json.writeObjectFieldStart("rollups");
    for (Map.Entry<Rollup, LatencyFigures> entry : edge.rollups().entrySet()) {
      FiguresJson.write(json, entry.getKey().key(), entry.getValue());
    }
    json.writeEndObject();
    json.writeObjectFieldStart("components");
    for (Map.Entry<LatencyComponent, LatencyFigures> entry : edge.components().entrySet()) {
      FiguresJson.write(json, entry.getKey().key(), entry.getValue());
    }
    json.writeEndObject();
    writeInformative(json, edge);
    writeShares(json, edge);
    writeTransport(json, edge);
    json.writeEndObject();
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

  /** Apart from the components: it is a part of one of them, and they sum to the total. */
  private static void writeInformative(JsonGenerator json, EdgeSnapshot edge) throws IOException {
    json.writeObjectFieldStart("informative");
    if (edge.applicationUpstreamWait() != null) {
      FiguresJson.write(json, "application_upstream_wait", edge.applicationUpstreamWait());
    }
    if (edge.applicationSelf() != null) {
      FiguresJson.write(json, "application_self", edge.applicationSelf());
    }
    json.writeEndObject();
  }

  private static void writeShares(JsonGenerator json, EdgeSnapshot edge) throws IOException {
    json.writeObjectFieldStart("shares");
    for (Rollup rollup : edge.rollups().keySet()) {
      json.writeNumberField(
          rollup.key(),
          FiguresJson.plain(
              BigDecimal.valueOf(edge.share(rollup))
                  .setScale(SHARE_DIGITS, RoundingMode.HALF_EVEN)));
    }
    json.writeEndObject();
  }

  private static void writeTransport(JsonGenerator json, EdgeSnapshot edge) throws IOException {
    json.writeObjectFieldStart("transport");
    for (Map.Entry<Segment, SegmentFigures> entry : edge.segments().entrySet()) {
      SegmentFigures figures = entry.getValue();
      json.writeObjectFieldStart(entry.getKey().key());
      if (figures.rttP50Nanos() != SegmentFigures.ABSENT) {
        FiguresJson.writeSeconds(json, "rttP50Seconds", figures.rttP50Nanos());
      }
      json.writeNumberField("retransmits", figures.retransmits());
      json.writeNumberField("drops", figures.drops());
      json.writeNumberField("bytesSent", figures.bytesSent());
      json.writeNumberField("bytesReceived", figures.bytesReceived());
      json.writeEndObject();
    }
    json.writeEndObject();
  }
}
