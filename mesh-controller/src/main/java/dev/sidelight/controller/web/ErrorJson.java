/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.web;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;

/** What went wrong, as JSON; never more than the message. Any thread. */
final class ErrorJson {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private ErrorJson() {}

  static Answer answer(int statusCode, String message) {
    return answer(statusCode, MAPPER.createObjectNode().put("error", message));
  }

  static Answer answer(BadParameterException e) {
    return answer(
        400,
        MAPPER.createObjectNode().put("error", e.getMessage()).put("parameter", e.parameter()));
  }

  private static Answer answer(int statusCode, ObjectNode error) {
    return Answer.json(statusCode, error.toString().getBytes(StandardCharsets.UTF_8));
  }
}
