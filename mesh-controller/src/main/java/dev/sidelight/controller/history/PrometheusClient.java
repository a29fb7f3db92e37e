/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.history;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

/** The HTTP API of a Prometheus, as far as it is asked. Any thread. */
final class PrometheusClient {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);
  private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(30);
  private static final int LONGEST_ERROR = 300;

  // deps
  private final URI queryRange;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(CONNECT_TIMEOUT)
          .build();

  /** The URL is its base, with or without a path. */
  PrometheusClient(URI url) {
    String base = url.toString();
    queryRange = URI.create((base.endsWith("/") ? base : base + "/") + "api/v1/query_range");
  }

  /**
   * Values of an expression by one label, and by the second that they were computed for.
   *
   * @param label what the expression's series differ in; where a series lacks it, its name is empty
   * @return fails with {@link PrometheusException}
   */
  CompletableFuture<Map<String, Map<Long, Double>>> range(
      String expression,
      String label,
      long firstEpochSecond,
      long lastEpochSecond,
      int stepSeconds) {
    String form =
        Map.of(
                "query", expression,
                "start", Long.toString(firstEpochSecond),
                "end", Long.toString(lastEpochSecond),
                "step", Integer.toString(stepSeconds))
            .entrySet()
            .stream()
            .map(
                field ->
                    field.getKey()
                        + "="
                        + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
            .collect(Collectors.joining("&"));
    HttpRequest request =
        HttpRequest.newBuilder(queryRange)
            .timeout(ANSWER_TIMEOUT)
            .header("content-type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(form))
            .build();
    return http.sendAsync(request, HttpResponse.BodyHandlers.ofByteArray())
        .thenApply(response -> valuesByLabel(response, label));
  }

  private static Map<String, Map<Long, Double>> valuesByLabel(
      HttpResponse<byte[]> response, String label) {
    JsonNode answer = parse(response);
    Map<String, Map<Long, Double>> byLabel = new HashMap<>();
    for (JsonNode series : answer.at("/data/result")) {
      Map<Long, Double> values =
          byLabel.computeIfAbsent(
              series.path("metric").path(label).asText(""), name -> new HashMap<>());
      for (JsonNode point : series.path("values")) {
        double value = Double.parseDouble(point.path(1).asText("NaN").replace("Inf", "Infinity"));
        if (Double.isFinite(value)) {
          values.put(Math.round(point.path(0).asDouble()), value);
        }
      }
    }
    return byLabel;
  }

  private static JsonNode parse(HttpResponse<byte[]> response) {
    JsonNode answer;
    try {
      answer = JSON.readTree(response.body());
    } catch (IOException e) {
      throw new PrometheusException(
          "Prometheus answered " + response.statusCode() + " without JSON", e);
    }
    if (answer.path("status").asText().equals("success")) {
      return answer;
    }
    String error = answer.path("error").asText("no reason told");
    throw new PrometheusException(
        "Prometheus answered "
            + response.statusCode()
            + ": "
            + error.substring(0, Math.min(error.length(), LONGEST_ERROR)));
  }
}
