/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.cli;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** Which controller, and by which right. */
final class ConnectionOptions {

  static final String URL_VARIABLE = "SIDELIGHT_URL";
  static final String TOKEN_VARIABLE = "SIDELIGHT_TOKEN";
  static final String DEFAULT_URL = "http://127.0.0.1:8090";

  @Spec(Target.MIXEE)
  private CommandSpec command;

  @Option(
      names = "--url",
      paramLabel = "URL",
      description = "the controller's HTTP port; else of SIDELIGHT_URL, else " + DEFAULT_URL)
  private String url;

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description = "file that holds the API token; else SIDELIGHT_TOKEN is the token")
  private Path tokenFile;

  ApiClient client(Map<String, String> environment) {
    String origin = tokenFile == null ? TOKEN_VARIABLE : tokenFile.toString();
    return new ApiClient(
        checked(url == null ? environment.getOrDefault(URL_VARIABLE, DEFAULT_URL) : url),
        tokenFile == null ? environment.getOrDefault(TOKEN_VARIABLE, "").strip() : read(tokenFile),
        origin);
  }

  private String checked(String text) {
    try {
      URI uri = URI.create(text);
      String scheme = uri.getScheme();
      if (("http".equals(scheme) || "https".equals(scheme)) && uri.getHost() != null) {
        return text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
      }
    } catch (IllegalArgumentException e) {
      // As below: it is no URL.
    }
    throw new ParameterException(
        command.commandLine(),
        "\""
            + text
            + "\" is no URL of a controller: like "
            + DEFAULT_URL
            + ", by --url or "
            + URL_VARIABLE);
  }

  private String read(Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw new ParameterException(
          command.commandLine(),
          "--token-file: " + file + " cannot be read (" + e + "); name a file that holds the token",
          e);
    }
  }
}
