/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.graph;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;

/**
 * Writes the badges of a node, where Kiali has them: what VirtualServices do at services, circuit
 * breakers at services, versions, and apps that are drawn as one.
 */
final class BadgesJson {

  private BadgesJson() {}

  static void write(JsonGenerator json, DrawnNode drawn, GraphBadges badges, GraphQuery query)
      throws IOException {
    if (!query.appends("istio")) {
      return;
    }
    ServiceBadges service = service(drawn, badges);
    writeTrue(json, "hasCB", hasCircuitBreaker(drawn, badges));
    writeTrue(json, "hasFaultInjection", service.faultInjection());
    writeTrue(json, "hasMirroring", service.mirroring());
    writeTrue(json, "hasRequestRouting", service.requestRouting());
    writeTrue(json, "hasRequestTimeout", service.requestTimeout());
    writeTrue(json, "hasTCPTrafficShifting", service.tcpTrafficShifting());
    writeTrue(json, "hasTrafficShifting", service.trafficShifting());
    if (service.hostnames() != null) {
      json.writeObjectFieldStart("hasVS");
      writeTexts(json, "hostnames", service.hostnames());
      json.writeEndObject();
    }
  }

  static void writeServiceEntry(
      JsonGenerator json, DrawnNode drawn, GraphBadges badges, GraphQuery query)
      throws IOException {
    ServiceBadges.ServiceEntryBadge entry = service(drawn, badges).serviceEntry();
    if (entry == null || !query.appends("serviceEntry")) {
      return;
    }
    json.writeObjectFieldStart("isServiceEntry");
    writeTexts(json, "hosts", entry.hosts());
    json.writeStringField("location", entry.location());
    json.writeStringField("namespace", entry.namespace());
    json.writeEndObject();
  }

  private static ServiceBadges service(DrawnNode drawn, GraphBadges badges) {
    GraphNode node = drawn.node();
    return node.isService() && !drawn.isExtension()
        ? badges.of(node.namespace(), node.service())
        : ServiceBadges.NONE;
  }

  private static boolean hasCircuitBreaker(DrawnNode drawn, GraphBadges badges) {
    GraphNode node = drawn.node();
    if (drawn.isExtension()) {
      return false;
    }
    if (node.isService()) {
      return badges.hasCircuitBreaker(node.namespace(), node.service(), "");
    }
    boolean ofAllVersions = node.nodeType().equals("app") && node.version().isEmpty();
    return (ofAllVersions || GraphNode.isKnown(node.version()))
        && drawn.destServices().stream()
            .anyMatch(
                called ->
                    badges.hasCircuitBreaker(called.namespace(), called.name(), node.version()));
  }

  private static void writeTrue(JsonGenerator json, String field, boolean value)
      throws IOException {
    if (value) {
      json.writeBooleanField(field, true);
    }
  }

  private static void writeTexts(JsonGenerator json, String field, List<String> texts)
      throws IOException {
    json.writeArrayFieldStart(field);
    for (String text : texts) {
      json.writeString(text);
    }
    json.writeEndArray();
  }
}
