/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import java.util.List;

/** JSON as the API writes it, and YAML of the same. Numbers stay as they were written. */
final class Documents {

  private static final ObjectMapper JSON = plain(JsonMapper.builder()).build();

  private Documents() {}

  private static JsonMapper.Builder plain(JsonMapper.Builder builder) {
    return builder
        .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
        .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
        .enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN);
  }

  static JsonNode parse(String json) throws JsonProcessingException {
    return JSON.readTree(json);
  }

  static ObjectMapper mapper() {
    return JSON;
  }

  /** In one line. */
  static String compact(JsonNode document) {
    return document.toString();
  }

  static List<String> indented(JsonNode document) {
    return List.of(write(JSON, document).split("\n", -1));
  }

  static List<String> yaml(JsonNode document) {
    ObjectMapper yaml =
        new ObjectMapper(
            YAMLFactory.builder()
                .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
                .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
                .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
                .disable(YAMLGenerator.Feature.SPLIT_LINES)
                .enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN)
                .build());
    return List.of(write(yaml, document).stripTrailing().split("\n", -1));
  }

  private static String write(ObjectMapper mapper, JsonNode document) {
    try {
      return mapper.writerWithDefaultPrettyPrinter().writeValueAsString(document);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a document that was read cannot be written", e);
    }
  }
}
