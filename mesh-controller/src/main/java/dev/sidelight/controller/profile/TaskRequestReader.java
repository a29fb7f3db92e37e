/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.profile;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.sidelight.controller.profile.TaskRequest.Sampling;
import java.io.IOException;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads what a client sent as JSON; a field that is not known is refused. Any thread. */
final class TaskRequestReader {

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();
  private static final Set<String> FIELDS =
      Set.of("pod", "durationSeconds", "intervalMillis", "samples");
  private static final Set<String> SAMPLE_FIELDS =
      Set.of("slowMillis", "clientErrors", "serverErrors", "headerValues");

  /** Who has their values can pass for somebody else. */
  private static final Set<String> SECRET_HEADERS =
      Set.of("authorization", "proxy-authorization", "cookie", "set-cookie");

  private static final Pattern HEADER_NAME = Pattern.compile("[a-z0-9!#$%&'*+.^_`|~-]{1,64}");
  private static final int MOST_HEADERS = 32;
  private static final int LONGEST_POD = 512;
  private static final int DEFAULT_SECONDS = 120;
  private static final int DEFAULT_INTERVAL_MILLIS = 1000;
  private static final int MIN_INTERVAL_MILLIS = 200;
  private static final int MAX_INTERVAL_MILLIS = 60_000;
  private static final int MAX_SLOW_MILLIS = 3_600_000;

  // deps
  private final int maxDurationSeconds;

  TaskRequestReader(int maxDurationSeconds) {
    this.maxDurationSeconds = maxDurationSeconds;
  }

  /** The request, or what is wrong with it. */
  TaskRequest read(byte[] json) throws BadRequestException {
    JsonNode body = parse(json);
    requireFields(body, FIELDS, "");
    String pod = body.path("pod").asText("");
    if (!body.path("pod").isTextual() || pod.isEmpty() || pod.length() > LONGEST_POD) {
      throw new BadRequestException("pod", "pod must be NODE/NETNS or NAMESPACE/NAME");
    }
    return new TaskRequest(
        pod,
        integer(
            body,
            "durationSeconds",
            1,
            maxDurationSeconds,
            Math.min(DEFAULT_SECONDS, maxDurationSeconds)),
        integer(
            body,
            "intervalMillis",
            MIN_INTERVAL_MILLIS,
            MAX_INTERVAL_MILLIS,
            DEFAULT_INTERVAL_MILLIS),
        sampling(body.get("samples")));
  }

  private static JsonNode parse(byte[] json) throws BadRequestException {
    try {
      JsonNode body = MAPPER.readTree(json);
      if (body != null && body.isObject()) {
        return body;
      }
    } catch (JsonProcessingException e) {
      throw new BadRequestException("", "no JSON: " + e.getOriginalMessage());
    } catch (IOException e) {
      throw new BadRequestException("", "no JSON: " + e.getMessage());
    }
    throw new BadRequestException("", "the body must be a JSON object");
  }

  private static void requireFields(JsonNode object, Set<String> known, String prefix)
      throws BadRequestException {
    for (Iterator<String> names = object.fieldNames(); names.hasNext(); ) {
      String name = names.next();
      if (!known.contains(name)) {
        throw new BadRequestException(prefix + name, "there is no field " + prefix + name);
      }
    }
  }

  private static Sampling sampling(JsonNode samples) throws BadRequestException {
    if (samples == null || samples.isNull()) {
      return null;
    }
    if (!samples.isObject()) {
      throw new BadRequestException("samples", "samples must be an object");
    }
    requireFields(samples, SAMPLE_FIELDS, "samples.");
    return new Sampling(
        integer(samples, "slowMillis", 0, MAX_SLOW_MILLIS, 0),
        flag(samples, "clientErrors"),
        flag(samples, "serverErrors"),
        headerValues(samples.get("headerValues")));
  }

  private static List<String> headerValues(JsonNode names) throws BadRequestException {
    if (names == null || names.isNull()) {
      return List.of();
    }
    if (!names.isArray() || names.size() > MOST_HEADERS) {
      throw badHeader("must be an array of at most " + MOST_HEADERS + " names");
    }
    Set<String> headers = new LinkedHashSet<>();
    for (JsonNode name : names) {
      String header = name.asText("").toLowerCase(Locale.ROOT);
      if (!name.isTextual() || !HEADER_NAME.matcher(header).matches()) {
        throw badHeader("must be header names");
      }
      if (SECRET_HEADERS.contains(header)) {
        throw badHeader("must not have " + header + ", whose value is a secret");
      }
      headers.add(header);
    }
    return List.copyOf(headers);
  }

  private static BadRequestException badHeader(String what) {
    return new BadRequestException("samples.headerValues", "samples.headerValues " + what);
  }

  private static int integer(JsonNode object, String field, int least, int most, int otherwise)
      throws BadRequestException {
    JsonNode value = object.get(field);
    if (value == null || value.isNull()) {
      return otherwise;
    }
    if (!value.isIntegralNumber()
        || !value.canConvertToInt()
        || value.intValue() < least
        || value.intValue() > most) {
      throw new BadRequestException(
          field, field + " must be a whole number from " + least + " to " + most);
    }
    return value.intValue();
  }

  private static boolean flag(JsonNode object, String field) throws BadRequestException {
    JsonNode value = object.get(field);
    if (value == null || value.isNull()) {
      return false;
    }
    if (!value.isBoolean()) {
      throw new BadRequestException(field, field + " must be true or false");
    }
    return value.booleanValue();
  }
}
