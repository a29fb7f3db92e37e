/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.graph;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.sidelight.correlator.Workload;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.OptionalLong;

/** Writes a drawing in Kiali's schema, boxes before their members. Any thread. */
final class GraphJson {

  private static final JsonFactory JSON = new JsonFactory();

  private GraphJson() {}

  static byte[] write(Drawing drawing) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      json.writeStartObject();
      json.writeNumberField("timestamp", drawing.query().lastEpochSecond());
      json.writeNumberField("duration", drawing.query().durationSeconds());
      json.writeStringField("graphType", drawing.query().type().parameter());
      json.writeObjectFieldStart("elements");
      writeNodes(json, drawing);
      writeEdges(json, drawing);
      json.writeEndObject();
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory failed", e);
    }
    return bytes.toByteArray();
  }

  static byte[] error(String message) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      json.writeStartObject();
      json.writeStringField("error", message);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory failed", e);
    }
    return bytes.toByteArray();
  }

  private static void writeNodes(JsonGenerator json, Drawing drawing) throws IOException {
    json.writeArrayFieldStart("nodes");
    for (GraphNode member : drawing.boxes()) {
      writeBox(json, member);
    }
    for (DrawnNode node : drawing.nodes()) {
      writeNode(json, node, drawing.query());
    }
    json.writeEndArray();
  }

  private static void writeBox(JsonGenerator json, GraphNode member) throws IOException {
    startData(json);
    json.writeStringField("id", Ids.digest(member.boxKey()));
    json.writeStringField("nodeType", "box");
    json.writeStringField("cluster", member.workload().cluster());
    json.writeStringField("namespace", member.workload().namespace());
    json.writeStringField("app", member.workload().app());
    json.writeNullField("healthData");
    json.writeStringField("isBox", "app");
    endData(json);
  }

  private static void writeNode(JsonGenerator json, DrawnNode drawn, GraphQuery query)
      throws IOException {
    GraphNode node = drawn.node();
    Workload workload = node.workload();
    startData(json);
    json.writeStringField("id", node.id());
    if (query.boxedByApp() && !node.isUnknown()) {
      json.writeStringField("parent", Ids.digest(node.boxKey()));
    }
    json.writeStringField("nodeType", node.nodeType());
    json.writeStringField("cluster", workload.cluster());
    json.writeStringField("namespace", workload.namespace());
    if (node.single()) {
      json.writeStringField("workload", workload.workload());
    }
    json.writeStringField("app", workload.app());
    if (node.single()) {
      json.writeStringField("version", workload.version());
    }
    writeTraffic(json, drawn.traffic(query.durationSeconds()));
    json.writeNullField("healthData");
    writeStanding(json, drawn, query);
    endData(json);
  }

  private static void writeTraffic(JsonGenerator json, Map<String, Map<String, String>> traffic)
      throws IOException {
    json.writeArrayFieldStart("traffic");
    for (Map.Entry<String, Map<String, String>> entry : traffic.entrySet()) {
      json.writeStartObject();
      json.writeStringField("protocol", entry.getKey());
      writeStrings(json, "rates", entry.getValue());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  /** True booleans only, as Kiali. */
  private static void writeStanding(JsonGenerator json, DrawnNode drawn, GraphQuery query)
      throws IOException {
    if (drawn.node().isUnknown()) {
      json.writeBooleanField("isInaccessible", true);
    } else if (!query.namespaces().contains(drawn.node().workload().namespace())) {
      json.writeBooleanField("isOutside", true);
    }
    if (drawn.isRoot()) {
      json.writeBooleanField("isRoot", true);
    }
  }

  private static void writeEdges(JsonGenerator json, Drawing drawing) throws IOException {
    json.writeArrayFieldStart("edges");
    for (DrawnEdge edge : drawing.edges()) {
      writeEdge(json, edge, drawing);
    }
    json.writeEndArray();
  }

  private static void writeEdge(JsonGenerator json, DrawnEdge edge, Drawing drawing)
      throws IOException {
    startData(json);
    json.writeStringField("id", edge.id());
    json.writeStringField("source", edge.source().id());
    json.writeStringField("target", edge.target().id());
    OptionalLong millis = edge.responseTimeMillis(drawing.query().responseTime());
    if (millis.isPresent()) {
      json.writeStringField("responseTime", Long.toString(millis.getAsLong()));
    }
    json.writeObjectFieldStart("traffic");
    json.writeStringField("protocol", edge.protocol());
    long requestsOfSource = drawing.requestsOf(edge.source(), edge.protocol());
    writeStrings(
        json, "rates", edge.rates().ofEdge(drawing.query().durationSeconds(), requestsOfSource));
    json.writeObjectFieldStart("responses");
    for (Map.Entry<String, Map<String, String>> entry : edge.flagPercentsByCode().entrySet()) {
      json.writeObjectFieldStart(entry.getKey());
      writeStrings(json, "flags", entry.getValue());
      json.writeEndObject();
    }
    json.writeEndObject();
    json.writeEndObject();
    endData(json);
  }

  private static void writeStrings(JsonGenerator json, String field, Map<String, String> values)
      throws IOException {
    json.writeObjectFieldStart(field);
    for (Map.Entry<String, String> entry : values.entrySet()) {
      json.writeStringField(entry.getKey(), entry.getValue());
    }
    json.writeEndObject();
  }

  private static void startData(JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeObjectFieldStart("data");
  }

  private static void endData(JsonGenerator json) throws IOException {
    json.writeEndObject();
    json.writeEndObject();
  }
}
