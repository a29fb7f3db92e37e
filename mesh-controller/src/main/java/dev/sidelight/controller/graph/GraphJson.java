/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.graph;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Writes a drawing in Kiali's schema, boxes before their members, keys in Kiali's order. Any
 * thread.
 */
final class GraphJson {

  private static final JsonFactory JSON = new JsonFactory();
  private static final String EXTENSION = "sidelight";

  private GraphJson() {}

  static byte[] write(Drawing drawing, GraphBadges badges) {
    List<GraphBox> boxes = Boxes.around(drawing);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      json.writeStartObject();
      json.writeNumberField("timestamp", drawing.query().lastEpochSecond());
      json.writeNumberField("duration", drawing.query().durationSeconds());
      json.writeStringField("graphType", drawing.query().type().parameter());
      json.writeObjectFieldStart("elements");
      json.writeArrayFieldStart("nodes");
      for (GraphBox box : boxes) {
        writeBox(json, box);
      }
      for (DrawnNode node : drawing.nodes()) {
        writeNode(json, node, badges, drawing.query());
      }
      json.writeEndArray();
      json.writeArrayFieldStart("edges");
      for (DrawnEdge edge : drawing.edges()) {
        writeEdge(json, edge, drawing.query());
      }
      json.writeEndArray();
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

  private static void writeBox(JsonGenerator json, GraphBox box) throws IOException {
    startData(json);
    json.writeStringField("id", box.id());
    writeKnown(json, "parent", box.parent());
    json.writeStringField("nodeType", "box");
    json.writeStringField("cluster", box.cluster());
    json.writeStringField("namespace", box.namespace());
    writeKnown(json, "app", box.app());
    json.writeNullField("healthData");
    json.writeStringField("isBox", box.by());
    writeTrue(json, "isInaccessible", box.inaccessible());
    writeTrue(json, "isOutside", box.outside());
    endData(json);
  }

  private static void writeNode(
      JsonGenerator json, DrawnNode drawn, GraphBadges badges, GraphQuery query)
      throws IOException {
    GraphNode node = drawn.node();
    startData(json);
    json.writeStringField("id", drawn.id());
    writeKnown(json, "parent", drawn.parent());
    json.writeStringField("nodeType", node.nodeType());
    json.writeStringField("cluster", node.cluster());
    json.writeStringField("namespace", node.namespace());
    writeKnown(json, "workload", node.workload());
    writeKnown(json, "app", node.app());
    writeKnown(json, "version", node.version());
    writeKnown(json, "service", node.service());
    writeDestServices(json, drawn.destServices());
    writeTraffic(json, drawn.traffic());
    json.writeNullField("healthData");
    BadgesJson.write(json, drawn, badges, query);
    if (drawn.isExtension()) {
      json.writeObjectFieldStart("isExtension");
      json.writeStringField("name", EXTENSION);
      json.writeEndObject();
    }
    writeTrue(json, "isIdle", drawn.isIdle());
    writeTrue(json, "isInaccessible", query.isInaccessible(node));
    writeTrue(json, "isInjected", drawn.isInjected());
    writeTrue(json, "isOutside", query.isOutside(node));
    writeTrue(json, "isRoot", drawn.isRoot());
    BadgesJson.writeServiceEntry(json, drawn, badges, query);
    endData(json);
  }

  private static void writeDestServices(JsonGenerator json, List<DrawnNode.DestService> services)
      throws IOException {
    if (services.isEmpty()) {
      return;
    }
    json.writeArrayFieldStart("destServices");
    for (DrawnNode.DestService service : services) {
      json.writeStartObject();
      json.writeStringField("cluster", service.cluster());
      json.writeStringField("namespace", service.namespace());
      json.writeStringField("name", service.name());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void writeTraffic(JsonGenerator json, Map<String, Map<String, String>> traffic)
      throws IOException {
    if (traffic.isEmpty()) {
      return;
    }
    json.writeArrayFieldStart("traffic");
    for (Map.Entry<String, Map<String, String>> entry : traffic.entrySet()) {
      json.writeStartObject();
      json.writeStringField("protocol", entry.getKey());
      writeStrings(json, "rates", entry.getValue());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void writeEdge(JsonGenerator json, DrawnEdge edge, GraphQuery query)
      throws IOException {
    startData(json);
    json.writeStringField("id", edge.id());
    json.writeStringField("source", edge.source().id());
    json.writeStringField("target", edge.target().id());
    boolean security = query.appends("securityPolicy");
    if (security) {
      writeKnown(json, "destPrincipal", edge.principals().destination());
      writeKnown(json, "isMTLS", edge.mutualTlsPercent());
    }
    OptionalLong millis = edge.responseTimeMillis(query.responseTime());
    if (millis.isPresent() && query.appends("responseTime")) {
      json.writeStringField("responseTime", Long.toString(millis.getAsLong()));
    }
    if (security) {
      writeKnown(json, "sourcePrincipal", edge.principals().source());
    }
    if (query.appends("throughput")) {
      writeKnown(
          json, "throughput", edge.throughput(query.requestThroughput(), query.durationSeconds()));
    }
    writeEdgeTraffic(json, edge);
    endData(json);
  }

  private static void writeEdgeTraffic(JsonGenerator json, DrawnEdge edge) throws IOException {
    json.writeObjectFieldStart("traffic");
    json.writeStringField("protocol", edge.protocol());
    double total = edge.rates().total();
    if (total > 0) {
      writeStrings(json, "rates", edge.ratesOfEdge());
      json.writeObjectFieldStart("responses");
      for (Map.Entry<String, Responses.Detail> entry : edge.responses().byCode().entrySet()) {
        json.writeObjectFieldStart(entry.getKey());
        writeStrings(json, "flags", entry.getValue().flagPercents(total));
        writeStrings(json, "hosts", entry.getValue().hostPercents(total));
        json.writeEndObject();
      }
      json.writeEndObject();
    }
    json.writeEndObject();
  }

  private static void writeStrings(JsonGenerator json, String field, Map<String, String> values)
      throws IOException {
    json.writeObjectFieldStart(field);
    for (Map.Entry<String, String> entry : values.entrySet()) {
      json.writeStringField(entry.getKey(), entry.getValue());
    }
    json.writeEndObject();
  }

  /** Kiali leaves empty texts out. */
  private static void writeKnown(JsonGenerator json, String field, String text) throws IOException {
    if (!text.isEmpty()) {
      json.writeStringField(field, text);
    }
  }

  /** Kiali writes true only. */
  private static void writeTrue(JsonGenerator json, String field, boolean value)
      throws IOException {
    if (value) {
      json.writeBooleanField(field, true);
    }
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
