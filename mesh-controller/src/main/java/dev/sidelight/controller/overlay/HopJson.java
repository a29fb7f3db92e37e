/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.overlay;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.OptionalLong;

/** Writes what is added to a graph, in Kiali's schema and its order of keys. One thread. */
final class HopJson {

  private static final JsonFactory JSON = new JsonFactoryBuilder().rootValueSeparator(",").build();

  // deps
  private final HopGraph graph;
  private final long seconds;
  private final ResponseTime responseTime;
  private final Map<String, OverlayDuration> durations;

  HopJson(
      HopGraph graph,
      long seconds,
      ResponseTime responseTime,
      Map<String, OverlayDuration> durations) {
    this.graph = graph;
    this.seconds = seconds;
    this.responseTime = responseTime;
    this.durations = durations;
  }

  /** Elements with commas between them. */
  byte[] nodes() {
    return elements(
        json -> {
          for (HopNode node : graph.nodes()) {
            writeNode(json, node);
          }
        });
  }

  /** Elements with commas between them. */
  byte[] edges() {
    return elements(
        json -> {
          for (HopEdge edge : graph.edges()) {
            writeEdge(json, edge);
          }
        });
  }

  private static byte[] elements(Writer writer) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      writer.write(json);
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory failed", e);
    }
    return bytes.toByteArray();
  }

  private void writeNode(JsonGenerator json, HopNode node) throws IOException {
    json.writeStartObject();
    json.writeObjectFieldStart("data");
    json.writeStringField("id", node.id());
    if (node.owner().parent() != null) {
      json.writeStringField("parent", node.owner().parent());
    }
    json.writeStringField("nodeType", "service");
    json.writeStringField("cluster", node.owner().cluster());
    json.writeStringField("namespace", node.owner().namespace());
    json.writeStringField("service", node.service());
    json.writeArrayFieldStart("traffic");
    for (Traffic traffic : node.traffic().values()) {
      json.writeStartObject();
      json.writeStringField("protocol", traffic.protocol());
      writeTexts(json, "rates", traffic.ofNode(seconds));
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeNullField("healthData");
    json.writeObjectFieldStart("isExtension");
    json.writeStringField("name", "sidelight");
    json.writeEndObject();
    json.writeEndObject();
    json.writeEndObject();
  }

  private void writeEdge(JsonGenerator json, HopEdge edge) throws IOException {
    json.writeStartObject();
    json.writeObjectFieldStart("data");
    json.writeStringField("id", edge.id());
    json.writeStringField("source", edge.sourceId());
    json.writeStringField("target", edge.targetId());
    OverlayDuration duration = durations.get(edge.id());
    OptionalLong millis = duration == null ? OptionalLong.empty() : responseTime.millis(duration);
    if (millis.isPresent()) {
      json.writeStringField("responseTime", Long.toString(millis.getAsLong()));
    }
    json.writeObjectFieldStart("traffic");
    json.writeStringField("protocol", edge.traffic().protocol());
    writeTexts(json, "rates", edge.traffic().ofEdge(seconds, graph.requestsOfSource(edge)));
    json.writeObjectFieldStart("responses");
    for (Map.Entry<String, Map<String, String>> code : edge.traffic().flags().entrySet()) {
      json.writeObjectFieldStart(code.getKey());
      writeTexts(json, "flags", code.getValue());
      json.writeEndObject();
    }
    json.writeEndObject();
    json.writeEndObject();
    json.writeEndObject();
    json.writeEndObject();
  }

  private static void writeTexts(JsonGenerator json, String name, Map<String, String> texts)
      throws IOException {
    json.writeObjectFieldStart(name);
    for (Map.Entry<String, String> text : texts.entrySet()) {
      json.writeStringField(text.getKey(), text.getValue());
    }
    json.writeEndObject();
  }

  @FunctionalInterface
  private interface Writer {
    void write(JsonGenerator json) throws IOException;
  }
}
