/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.overlay;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.regex.Pattern;

/**
 * What of a request for a graph matters here; all else Kiali's answer tells.
 *
 * @param responseTime {@code avg}, {@code 50}, {@code 95} or {@code 99}, as Kiali's default is 95;
 *     not checked
 */
record GraphRequest(String responseTime) {

  private static final String KIALIS_DEFAULT = "95";
  private static final String UNREADABLE = "";

  /** All of them answer in the same schema; Kiali's base path may be any. */
  private static final Pattern PATH =
      Pattern.compile(
          "(?:/.*)?/api/namespaces/(?:"
              + "|[^/]+/(?:workloads|services)/[^/]+/"
              + "|[^/]+/applications/[^/]+/(?:versions/[^/]+/)?"
              + "|[^/]+/aggregates/[^/]+/[^/]+/(?:[^/]+/)?"
              + ")graph");

  /** Null where no graph is asked for. */
  static GraphRequest of(HttpServerRequest request) {
    if (!request.method().equals(HttpMethod.GET) || !isGraph(request.path())) {
      return null;
    }
    return new GraphRequest(responseTime(request));
  }

  private static String responseTime(HttpServerRequest request) {
    try {
      String value = request.params().get("responseTime");
      return value == null || value.isEmpty() ? KIALIS_DEFAULT : value;
    } catch (IllegalArgumentException e) {
      // A query that cannot be decoded is Kiali's to refuse.
      return UNREADABLE;
    }
  }

  static boolean isGraph(String path) {
    return path != null && PATH.matcher(path).matches();
  }
}
