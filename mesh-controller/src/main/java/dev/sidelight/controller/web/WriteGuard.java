/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.web;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;

/**
 * Who may change something. A page of another origin must not make a browser do so in its user's
 * name; and where there is no token and only this machine is served, a name that somebody else's
 * DNS points at it must not either. Any thread; may read a file.
 */
public final class WriteGuard {

  private static final String JSON = "application/json";
  private static final int HTTP_PORT = 80;
  private static final int HTTPS_PORT = 443;

  // deps
  private final ApiToken token;
  private final boolean loopbackOnly;

  /**
   * A guard.
   *
   * @param token what a client must show
   * @param loopbackOnly whether this machine alone can reach the port
   */
  public WriteGuard(ApiToken token, boolean loopbackOnly) {
    this.token = token;
    this.loopbackOnly = loopbackOnly;
  }

  /**
   * What stands against a request.
   *
   * @param hasBody whether it brings JSON
   * @return null where nothing does
   */
  Refusal check(RequestHeaders headers, boolean hasBody) {
    if (!isSameOrigin(headers.origin(), headers.host())) {
      return new Refusal(403, "refused: the request comes from a page of another origin");
    }
    if (!token.isSet() && loopbackOnly && !isLoopback(hostOf(headers.host()))) {
      return new Refusal(
          403, "refused: without a token only localhost may be asked; set api.tokenFile");
    }
    if (!token.isShownBy(headers.authorization())) {
      return new Refusal(401, "this needs the header Authorization: Bearer TOKEN");
    }
    if (hasBody && !isJson(headers.contentType())) {
      return new Refusal(415, "the content-type must be application/json");
    }
    return null;
  }

  /** No origin: no browser, or one that asks for itself. */
  private static boolean isSameOrigin(String origin, String host) {
    if (origin == null) {
      return true;
    }
    try {
      URI uri = new URI(origin);
      String authority = uri.getRawAuthority();
      if (authority == null || host == null) {
        return false;
      }
      int port = "https".equalsIgnoreCase(uri.getScheme()) ? HTTPS_PORT : HTTP_PORT;
      return withPort(authority, port).equals(withPort(host, port));
    } catch (URISyntaxException e) {
      return false;
    }
  }

  private static String withPort(String authority, int port) {
    String host = hostOf(authority);
    boolean hasPort = authority.length() > host.length();
    return (hasPort ? authority : authority + ":" + port).toLowerCase(Locale.ROOT);
  }

  /** Without the port, an IPv6 address in its brackets. */
  private static String hostOf(String authority) {
    if (authority == null) {
      return "";
    }
    int colon = authority.lastIndexOf(':');
    return colon > authority.lastIndexOf(']') ? authority.substring(0, colon) : authority;
  }

  /** By its text: no name but localhost is looked up. */
  private static boolean isLoopback(String host) {
    return host.equalsIgnoreCase("localhost")
        || host.equals("[::1]")
        || host.matches("127(\\.\\d{1,3}){3}");
  }

  private static boolean isJson(String contentType) {
    if (contentType == null) {
      return false;
    }
    int end = contentType.indexOf(';');
    String type = end < 0 ? contentType : contentType.substring(0, end);
    return type.strip().equalsIgnoreCase(JSON);
  }

  /** Those that decide; null where a request has none. */
  record RequestHeaders(String origin, String host, String authorization, String contentType) {}

  /** What the client is told. */
  record Refusal(int statusCode, String message) {}
}
