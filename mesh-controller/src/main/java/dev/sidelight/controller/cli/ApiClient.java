/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;

/** Asks the controller. Whatever is not the wanted answer is a {@link CommandException}. */
final class ApiClient {

  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration ANSWER = Duration.ofSeconds(30);
  private static final int UNAUTHORIZED = 401;
  private static final int NOT_FOUND = 404;

  // deps
  private final String url;
  private final String token;
  private final String tokenOrigin;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(CONNECT).build();

  /**
   * A client of one controller.
   *
   * @param url without a slash at its end
   * @param token empty where there is none
   * @param tokenOrigin where the token is from, for messages
   */
  ApiClient(String url, String token, String tokenOrigin) {
    this.url = url;
    this.token = token;
    this.tokenOrigin = tokenOrigin;
  }

  JsonNode get(String path, Map<String, String> parameters) {
    String query =
        parameters.entrySet().stream()
            .map(
                parameter ->
                    parameter.getKey()
                        + "="
                        + URLEncoder.encode(parameter.getValue(), StandardCharsets.UTF_8))
            .collect(Collectors.joining("&"));
    return ask(HttpRequest.newBuilder(uri(query.isEmpty() ? path : path + "?" + query)).GET());
  }

  JsonNode post(String path, JsonNode body) {
    return ask(
        HttpRequest.newBuilder(uri(path))
            .header("content-type", "application/json")
            .POST(BodyPublishers.ofString(Documents.compact(body))));
  }

  JsonNode delete(String path) {
    return ask(HttpRequest.newBuilder(uri(path)).DELETE());
  }

  private URI uri(String pathAndQuery) {
    return URI.create(url + pathAndQuery);
  }

  private JsonNode ask(HttpRequest.Builder request) {
    request.timeout(ANSWER).header("accept", "application/json");
    if (!token.isEmpty()) {
      request.header("authorization", "Bearer " + token);
    }
    HttpResponse<String> response = send(request.build());
    int status = response.statusCode();
    JsonNode answer = parse(response);
    if (status / 100 == 2) {
      return answer;
    }
    String said = answer.path("error").asText("status " + status);
    if (status == UNAUTHORIZED) {
      throw new CommandException(
          token.isEmpty()
              ? "the controller wants its API token for this ("
                  + said
                  + "): give it by --token-file FILE or SIDELIGHT_TOKEN"
              : "the token of "
                  + tokenOrigin
                  + " is not the controller's ("
                  + said
                  + "): it must be that of the controller's setting api.token");
    }
    throw status == NOT_FOUND && said.contains("no such endpoint")
        ? new CommandException(
            "the controller at " + url + " does not know this: it is older than this command line")
        : new AnswerException(status, answer, "the controller says: " + said);
  }

  private HttpResponse<String> send(HttpRequest request) {
    try {
      return client.send(request, BodyHandlers.ofString());
    } catch (HttpTimeoutException e) {
      throw new CommandException(
          "the controller at " + url + " does not answer in time; is it overloaded? See its log");
    } catch (ConnectException e) {
      throw new CommandException(
          "the controller at "
              + url
              + " cannot be reached ("
              + cause(e)
              + "): start it, or name it by --url or SIDELIGHT_URL");
    } catch (IOException e) {
      throw new CommandException(
          "the controller at "
              + url
              + " broke off ("
              + cause(e)
              + "): is it a controller's HTTP port?");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandException("interrupted");
    }
  }

  /** The JDK leaves out why a connection failed where the kernel refused it. */
  private static String cause(IOException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof java.nio.channels.UnresolvedAddressException) {
        return "its host has no address";
      }
      if (cause.getMessage() != null) {
        return cause.getMessage();
      }
    }
    return "connection refused";
  }

  private JsonNode parse(HttpResponse<String> response) {
    try {
      JsonNode answer = Documents.parse(response.body());
      if (answer.isContainerNode()) {
        return answer;
      }
    } catch (JsonProcessingException e) {
      // As below: whatever it is, it is no answer of the API.
    }
    throw new CommandException(
        "what answers at "
            + url
            + " is no Sidelight controller (status "
            + response.statusCode()
            + ", no JSON): name one by --url or SIDELIGHT_URL");
  }

  /** The controller refused. */
  static final class AnswerException extends CommandException {

    private static final long serialVersionUID = 1L;

    private final int status;
    private final transient JsonNode body;

    AnswerException(int status, JsonNode body, String message) {
      super(message);
      this.status = status;
      this.body = body;
    }

    int status() {
      return status;
    }

    JsonNode body() {
      return body;
    }
  }
}
