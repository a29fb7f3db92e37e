/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.graph;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.util.List;

/** The schema that others read too. */
final class GraphSchema {

  private static final JsonSchema SCHEMA =
      JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
          .getSchema(KialiGraph.class.getResourceAsStream("kiali-graph.schema.json"));

  private GraphSchema() {}

  /** What is wrong; none where nothing is. */
  static List<String> problems(JsonNode graph) {
    return SCHEMA.validate(graph).stream().map(ValidationMessage::getMessage).sorted().toList();
  }
}
