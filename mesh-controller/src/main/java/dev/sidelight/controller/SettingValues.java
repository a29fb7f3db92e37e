/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller;

import dev.sidelight.controller.ControllerSettings.ListenAddress;
import dev.sidelight.controller.tls.CertificateFiles;
import dev.sidelight.controller.web.ApiToken;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Turns the text of settings into values; each method throws {@link SettingException}. */
final class SettingValues {

  private static final int MAX_PORT = 65535;

  private static final String LABEL_KEY = "[A-Za-z0-9]([A-Za-z0-9._/-]*[A-Za-z0-9])?";
  private static final String LABEL_VALUE = "([A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?)?";
  private static final String LABEL_REQUIREMENT =
      "\\s*(!?"
          + LABEL_KEY
          + "|"
          + LABEL_KEY
          + "\\s*(=|==|!=)\\s*"
          + LABEL_VALUE
          + "|"
          + LABEL_KEY
          + "\\s+(in|notin)\\s*\\(\\s*"
          + LABEL_VALUE
          + "(\\s*,\\s*"
          + LABEL_VALUE
          + ")*\\s*\\))\\s*";

  private static final String DNS_LABEL = "[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?";

  // deps
  private final Map<Setting, ConfiguredValue> configured;

  SettingValues(Map<Setting, ConfiguredValue> configured) {
    this.configured = configured;
  }

  int integer(Setting setting, int least, int most) {
    ConfiguredValue value = configured.get(setting);
    try {
      int number = Integer.parseInt(value.text());
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Said below, as for a number out of range.
    }
    throw SettingException.of(
        setting,
        value,
        "is not a whole number from " + least + " to " + most + "; " + orDefault(setting));
  }

  /** One of some words. */
  String oneOf(Setting setting, String... words) {
    ConfiguredValue value = configured.get(setting);
    if (List.of(words).contains(value.text())) {
      return value.text();
    }
    throw SettingException.of(
        setting, value, "is not one of " + String.join(", ", words) + "; " + orDefault(setting));
  }

  /** Of Kubernetes; empty selects all. */
  String labelSelector(Setting setting) {
    ConfiguredValue value = configured.get(setting);
    if (value.text().isEmpty()
        || value.text().matches(LABEL_REQUIREMENT + "(," + LABEL_REQUIREMENT + ")*")) {
      return value.text();
    }
    throw SettingException.of(
        setting, value, "is not a label selector like sidelight=on; " + orDefault(setting));
  }

  ListenAddress listenAddress(Setting host, Setting port) {
    ConfiguredValue value = configured.get(host);
    if (value.text().isEmpty() || value.text().chars().anyMatch(Character::isWhitespace)) {
      throw SettingException.of(host, value, "is not a host name or address; " + orDefault(host));
    }
    return new ListenAddress(value.text(), integer(port, 0, MAX_PORT));
  }

  int fileMode(Setting setting) {
    ConfiguredValue value = configured.get(setting);
    if (value.text().matches("0?[0-7]{3}")) {
      return Integer.parseInt(value.text(), 8);
    }
    throw SettingException.of(setting, value, "is not an octal mode; " + orDefault(setting));
  }

  /** Of a namespace or another object. */
  String name(Setting setting) {
    return matching(setting, DNS_LABEL, "is not a name of lower case letters, digits and dashes; ");
  }

  /** A Service's name that any proxy can resolve: NAME.NAMESPACE.svc.DOMAIN. */
  String serviceHost(Setting setting) {
    return matching(
        setting,
        DNS_LABEL + "\\." + DNS_LABEL + "\\.svc(\\." + DNS_LABEL + ")+",
        "is not NAME.NAMESPACE.svc.DOMAIN; ");
  }

  private String matching(Setting setting, String pattern, String complaint) {
    ConfiguredValue value = configured.get(setting);
    if (value.text().matches(pattern)) {
      return value.text();
    }
    throw SettingException.of(setting, value, complaint + orDefault(setting));
  }

  /** Scheme, host and port of a server; null where the setting is empty. */
  URI serverUrl(Setting setting) {
    return httpUrl(
        setting, "/?", "is not http(s)://HOST:PORT without a path, which is passed on; ");
  }

  /** Scheme, host, port and the beginning of paths; null where the setting is empty. */
  URI baseUrl(Setting setting) {
    return httpUrl(setting, ".*", "is not http(s)://HOST:PORT, with a path or without; ");
  }

  private URI httpUrl(Setting setting, String paths, String complaint) {
    ConfiguredValue value = configured.get(setting);
    if (value.text().isEmpty()) {
      return null;
    }
    try {
      URI url = new URI(value.text());
      boolean http = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
      boolean plain =
          url.getHost() != null
              && url.getUserInfo() == null
              && url.getPath().matches(paths)
              && url.getQuery() == null
              && url.getFragment() == null;
      if (http && plain && url.getPort() <= MAX_PORT && url.getPort() != 0) {
        String path = url.getPath().equals("/") ? "" : url.getPath();
        return new URI(url.getScheme(), null, url.getHost(), url.getPort(), path, null, null);
      }
    } catch (URISyntaxException e) {
      // Said below, as for a URL of another kind.
    }
    throw SettingException.of(setting, value, complaint + orDefault(setting));
  }

  /** The file wins. No message tells what the token is. */
  ApiToken token(Setting text, Setting file) {
    Path path = path(file);
    String token = configured.get(text).text();
    Setting setting = path == null ? text : file;
    try {
      if (path != null) {
        return ApiToken.in(path);
      }
      return token.isEmpty() ? ApiToken.none() : ApiToken.of(token);
    } catch (IOException | IllegalArgumentException e) {
      throw new SettingException(
          setting.key()
              + (path == null ? "" : ": " + path)
              + ": "
              + (e instanceof IOException ? e.toString() : e.getMessage())
              + "; name a token of visible ASCII characters, or leave it out for none");
    }
  }

  /** From 0 to 1. */
  double ratio(Setting setting) {
    ConfiguredValue value = configured.get(setting);
    try {
      double number = Double.parseDouble(value.text());
      if (number >= 0 && number <= 1) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Said below, as for a number out of range.
    }
    throw SettingException.of(setting, value, "is not a number from 0 to 1; " + orDefault(setting));
  }

  /** Any text but none. */
  String nonEmpty(Setting setting) {
    ConfiguredValue value = configured.get(setting);
    if (value.text().isBlank()) {
      throw SettingException.of(setting, value, "is empty; " + orDefault(setting));
    }
    return value.text();
  }

  /** NAMESPACE/NAME, each a name of Kubernetes. */
  String namespacedName(Setting setting) {
    ConfiguredValue value = configured.get(setting);
    if (value.text().matches("[a-z0-9]([-a-z0-9]*[a-z0-9])?/[a-z0-9]([-a-z0-9.]*[a-z0-9])?")) {
      return value.text();
    }
    throw SettingException.of(setting, value, "is not NAMESPACE/NAME; " + orDefault(setting));
  }

  /**
   * Where a server's certificate is; null where none is named.
   *
   * @param clientCa null where there is no such setting
   */
  CertificateFiles certificateFiles(Setting certificate, Setting key, Setting clientCa) {
    Path certificateFile = path(certificate);
    Path keyFile = path(key);
    Path clientCaFile = clientCa == null ? null : path(clientCa);
    if (certificateFile == null && keyFile == null && clientCaFile == null) {
      return null;
    }
    if (certificateFile == null || keyFile == null) {
      throw new SettingException(
          (certificateFile == null ? certificate : key).key()
              + ": is needed where a certificate, a key or authorities of clients are named");
    }
    return new CertificateFiles(certificateFile, keyFile, clientCaFile);
  }

  /** Null where the setting is empty. */
  Path readableFile(Setting setting) {
    Path file = path(setting);
    if (file != null && !Files.isReadable(file)) {
      throw SettingException.of(
          setting, configured.get(setting), "cannot be read; " + orDefault(setting));
    }
    return file;
  }

  /** Null where the setting is empty. */
  Path path(Setting setting) {
    ConfiguredValue value = configured.get(setting);
    try {
      return value.text().isEmpty() ? null : Path.of(value.text()).toAbsolutePath();
    } catch (InvalidPathException e) {
      throw SettingException.of(setting, value, "is not a path; " + orDefault(setting));
    }
  }

  private static String orDefault(Setting setting) {
    return "correct it, or leave it out for the default " + setting.defaultValue();
  }
}
