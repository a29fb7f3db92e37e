/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.history;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import dev.sidelight.controller.edges.FiguresJson;
import dev.sidelight.controller.edges.LatencyFigures;
import dev.sidelight.correlator.LatencyComponent;
import dev.sidelight.correlator.Rollup;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;

/**
 * Writes the answer of {@code GET /api/v1/history}. Keys come in a fixed order; what was not
 * measured is left out. Any thread.
 */
public final class HistoryJson {

  private static final JsonFactory JSON =
      JsonFactory.builder().enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN).build();
  private static final long MILLIS_PER_SECOND = 1000;

  private HistoryJson() {}

  /**
   * The whole answer, UTF-8.
   *
   * @param windowSeconds that was asked for
   * @param from {@code memory} or {@code prometheus}
   */
  public static byte[] write(int windowSeconds, String from, HistorySlices slices) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      json.writeStartObject();
      json.writeNumberField("windowSeconds", windowSeconds);
      json.writeNumberField("stepSeconds", slices.stepSeconds());
      json.writeStringField("from", from);
      json.writeArrayFieldStart("slices");
      for (HistorySlice slice : slices.slices()) {
        writeSlice(json, slice);
      }
      json.writeEndArray();
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory failed", e);
    }
    return bytes.toByteArray();
  }

  private static void writeSlice(JsonGenerator json, HistorySlice slice) throws IOException {
    json.writeStartObject();
    json.writeNumberField("epochMillis", slice.startEpochSecond() * MILLIS_PER_SECOND);
    json.writeNumberField("requests", slice.requests());
    json.writeNumberField("errors", slice.errors());
    if (slice.total() != null) {
      FiguresJson.write(json, "total", slice.total());
    }
    json.writeObjectFieldStart("rollups");
    for (Map.Entry<Rollup, LatencyFigures> entry : slice.rollups().entrySet()) {
      FiguresJson.write(json, entry.getKey().key(), entry.getValue());
    }
    json.writeEndObject();
    json.writeObjectFieldStart("components");
    for (Map.Entry<LatencyComponent, LatencyFigures> entry : slice.components().entrySet()) {
      FiguresJson.write(json, entry.getKey().key(), entry.getValue());
    }
    json.writeEndObject();
    json.writeEndObject();
  }
}
