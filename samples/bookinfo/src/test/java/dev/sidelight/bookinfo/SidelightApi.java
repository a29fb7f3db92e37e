/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.bookinfo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The controller's API and the two metrics pages. */
final class SidelightApi {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int MAX_CALLS = 100_000;

  // deps
  private final HttpClient http = HttpClient.newHttpClient();
  private final String controller;
  private final String probe;

  SidelightApi(int controllerPort, int probePort) {
    controller = "http://127.0.0.1:" + controllerPort;
    probe = "http://127.0.0.1:" + probePort;
  }

  int controllerPort() {
    return URI.create(controller).getPort();
  }

  int probePort() {
    return URI.create(probe).getPort();
  }

  JsonNode edges(int windowSeconds) {
    return json("/api/v1/edges?window=" + windowSeconds + "s").get("edges");
  }

  /** Kiali's graph, by its query string. */
  JsonNode graph(String query) {
    return json("/api/namespaces/graph?" + query);
  }

  /** What a query of the graph that is refused is told, behind its status. */
  String graphRefusal(String query) {
    try {
      HttpResponse<String> response = send(controller + "/api/namespaces/graph?" + query);
      return response.statusCode() + " " + response.body();
    } catch (IOException e) {
      throw new UncheckedIOException(query, e);
    }
  }

  JsonNode status() {
    return json("/api/v1/status");
  }

  /** Calls of the last seconds with every point, newest first. */
  List<Call> calls(int windowSeconds) {
    return calls("window=" + windowSeconds + "s");
  }

  List<Call> callsOf(String requestId) {
    return calls("window=900s&requestId=" + requestId);
  }

  List<Call> callsBetween(String source, String destination, int windowSeconds) {
    return calls(
        "window=%ds&sourceWorkload=%s&destinationWorkload=%s"
            .formatted(windowSeconds, source, destination));
  }

  private List<Call> calls(String query) {
    List<Call> calls = new ArrayList<>();
    json("/api/v1/requests?ends=true&limit=" + MAX_CALLS + "&" + query)
        .get("requests")
        .forEach(call -> calls.add(new Call(call)));
    return calls;
  }

  /** Sum of the controller's series whose name and labels match, 0 where there is none. */
  double controllerMetric(String seriesRegex) {
    return sum(controllerPage(), seriesRegex);
  }

  double probeMetric(String seriesRegex) {
    return sum(probePage(), seriesRegex);
  }

  /** All that the controller exposes, in the text format. */
  String controllerPage() {
    return get(controller + "/metrics");
  }

  String probePage() {
    return get(probe + "/metrics");
  }

  /** True where the API answers. */
  boolean isUp() {
    try {
      return send(controller + "/readyz").statusCode() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  private static double sum(String page, String seriesRegex) {
    Matcher series =
        Pattern.compile("^" + seriesRegex + " (\\S+)$", Pattern.MULTILINE).matcher(page);
    double sum = 0;
    while (series.find()) {
      sum += Double.parseDouble(series.group(series.groupCount()));
    }
    return sum;
  }

  /** Pods that can be profiled. */
  JsonNode pods() {
    return json("/api/v1/pods").get("pods");
  }

  /** A profile, or what is below it: {@code ID/samples}. */
  JsonNode profile(String idAndPath) {
    return json("/api/v1/profiles/" + idAndPath);
  }

  /** Starts a profile; of what is refused the answer as it is. */
  HttpResponse<String> startProfile(String request) {
    return exchange(
        HttpRequest.newBuilder(URI.create(controller + "/api/v1/profiles"))
            .header("content-type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(request)));
  }

  /** Ends a profile. */
  HttpResponse<String> endProfile(String id) {
    return exchange(
        HttpRequest.newBuilder(URI.create(controller + "/api/v1/profiles/" + id)).DELETE());
  }

  private HttpResponse<String> exchange(HttpRequest.Builder request) {
    try {
      return send(request.build());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private JsonNode json(String path) {
    try {
      return JSON.readTree(get(controller + path));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String get(String url) {
    try {
      HttpResponse<String> response = send(url);
      assertThat(response.statusCode()).as("%s: %s", url, response.body()).isEqualTo(200);
      return response.body();
    } catch (IOException e) {
      throw new UncheckedIOException(url, e);
    }
  }

  private HttpResponse<String> send(String url) throws IOException {
    return send(HttpRequest.newBuilder(URI.create(url)).build());
  }

  private HttpResponse<String> send(HttpRequest request) throws IOException {
    try {
      return http.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
